/**
 * Splits an example into words as a POSIX shell would if nothing were ever expanded: quotes, backslashes and comments count, `$`,
 * `*` and operators are ordinary. Undefined for an open quote or a trailing backslash.
 */
export function splitWords(text: string): readonly string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let at = 0;
  while (at < text.length) {
    const character = text[at] ?? "";
    if (" \t\n".includes(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
      at += 1;
    } else if (character === "#" && word === undefined) {
      const end = text.indexOf("\n", at);
      at = end === -1 ? text.length : end;
    } else {
      const piece = readPiece(text, at);
      if (piece === undefined) return undefined;
      word = (word ?? "") + piece.value;
      at = piece.end;
    }
  }
  return word === undefined ? words : [...words, word];
}

interface Piece {
  readonly value: string;
  readonly end: number;
}

/** One character, one escape or one quoted stretch. */
function readPiece(text: string, at: number): Piece | undefined {
  const character = text[at] ?? "";
  if (character === "'") {
    const end = text.indexOf("'", at + 1);
    return end === -1 ? undefined : { value: text.slice(at + 1, end), end: end + 1 };
  }
  if (character === '"') return readDoubleQuoted(text, at + 1);
  if (character !== "\\") return { value: character, end: at + 1 };
  const escaped = text[at + 1];
  if (escaped === undefined) return undefined;
  return { value: escaped === "\n" ? "" : escaped, end: at + 2 };
}

function readDoubleQuoted(text: string, start: number): Piece | undefined {
  let value = "";
  for (let at = start; at < text.length; at += 1) {
    const character = text[at] ?? "";
    if (character === '"') return { value, end: at + 1 };
    if (character !== "\\") value += character;
    else {
      at += 1;
      const escaped = text[at];
      if (escaped === undefined) return undefined;
      if (escaped !== "\n") value += '$`"\\'.includes(escaped) ? escaped : `\\${escaped}`;
    }
  }
  return undefined;
}
