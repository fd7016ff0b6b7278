/**
 * The candidates a typing slip away from `text`, nearest first, at most three: an edit distance of 2 or a third of the
 * length, whichever is more, and hardly farther than the nearest. Two swapped letters are one slip; case does not count.
 */
export function nearMisses(text: string, candidates: Iterable<string>): readonly string[] {
  const wanted = text.toLowerCase();
  const limit = Math.max(2, Math.floor(wanted.length / 3));
  const found: { readonly candidate: string; readonly distance: number }[] = [];
  for (const candidate of new Set(candidates)) {
    const distance = editDistance(wanted, candidate.toLowerCase());
    // A word that has to be replaced whole is not a slip.
    if (distance <= limit && distance < Math.max(wanted.length, candidate.length)) found.push({ candidate, distance });
  }
  const nearest = Math.min(...found.map(({ distance }) => distance));
  return found
    .filter(({ distance }) => distance <= nearest + 1)
    .sort((a, b) => a.distance - b.distance || lengthGap(a.candidate, text) - lengthGap(b.candidate, text))
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

/** `; did you mean …?` for the near misses of `text`, or nothing. */
export function didYouMean(text: string, candidates: Iterable<string>): string {
  const names = nearMisses(text, candidates).map((name) => `\`${name}\``);
  return names.length === 0 ? "" : `; did you mean ${names.join(" or ")}?`;
}

function lengthGap(a: string, b: string): number {
  return Math.abs(a.length - b.length);
}

/** Levenshtein distance in UTF-16 units, with a swap of neighbours as one step. */
function editDistance(a: string, b: string): number {
  let beforePrevious: readonly number[] = [];
  let previous: readonly number[] = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = swapped ? (beforePrevious[j - 2] ?? 0) + 1 : Infinity;
      row.push(Math.min(substitution, swap, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    beforePrevious = previous;
    previous = row;
  }
  return previous[b.length] ?? 0;
}
