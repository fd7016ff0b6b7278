export interface FuzzyMatch {
  readonly text: string;
  /** Higher is better. */
  readonly score: number;
  /** Offsets of the matched characters. */
  readonly positions: readonly number[];
}

/**
 * Matches the letters of `query` in order, upper and lower case alike. Runs, word starts and the last part of a path count more; undefined when
 * a letter is missing.
 */
export function fuzzyMatch(query: string, text: string): FuzzyMatch | undefined {
  if (query === "") return { text, score: 0, positions: [] };
  const wanted = query.toLowerCase();
  const lower = text.toLowerCase();
  const whole = lower.lastIndexOf(wanted);
  if (whole !== -1) return wholeMatch(text, whole, wanted.length);
  // From the end: the name of a file says more than its folders.
  const positions: number[] = [];
  let at = lower.length;
  for (let i = wanted.length - 1; i >= 0; i--) {
    at = at === 0 ? -1 : lower.lastIndexOf(wanted.charAt(i), at - 1);
    if (at === -1) return undefined;
    positions.unshift(at);
  }
  const nameStart = text.lastIndexOf("/") + 1;
  const score = positions.reduce((sum, position, index) => {
    const run = index > 0 && positions[index - 1] === position - 1 ? 6 : 0;
    return sum + run + (startsWord(text, position) ? 8 : 0) + (position >= nameStart ? 2 : 0);
  }, 0);
  return { text, score: score - text.length / 50, positions };
}

/** The best `limit` of `texts`, best first; equals keep their order. */
export function fuzzyFilter(query: string, texts: readonly string[], limit: number): FuzzyMatch[] {
  if (query === "") return texts.slice(0, limit).map((text) => ({ text, score: 0, positions: [] }));
  const found: FuzzyMatch[] = [];
  for (const text of texts) {
    const match = fuzzyMatch(query, text);
    if (match !== undefined) found.push(match);
  }
  return found.toSorted((a, b) => b.score - a.score).slice(0, limit);
}

function wholeMatch(text: string, at: number, length: number): FuzzyMatch {
  const nameStart = text.lastIndexOf("/") + 1;
  const bonus = (startsWord(text, at) ? 20 : 0) + (at === nameStart ? 20 : at > nameStart ? 10 : 0) + (at === 0 ? 10 : 0);
  return { text, score: 100 + length * 4 + bonus - text.length / 50, positions: Array.from({ length }, (_, i) => at + i) };
}

function startsWord(text: string, at: number): boolean {
  return at === 0 || /[^\p{L}\p{N}]/u.test(text.charAt(at - 1)) || (/\p{Lu}/u.test(text.charAt(at)) && /\p{Ll}/u.test(text.charAt(at - 1)));
}
