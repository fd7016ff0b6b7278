/** The first name of which `text` is a slip: one or two letters left out, or one that is too many, wrong or at another place. */
export function nearestName(text: string, names: readonly string[]): string | undefined {
  const shorter = Array.from(text, (_, at) => text.slice(0, at) + text.slice(at + 1)).filter((query) => query.length > 1);
  return names.find((name) => isIn(text, name, 2) || shorter.some((query) => isIn(query, name, 1)));
}

/** Whether the name is the letters of `query` in order with `missing` others at most. */
function isIn(query: string, name: string, missing: number): boolean {
  if (name.length - query.length > missing) return false;
  let at = -1;
  return Array.from(query).every((letter) => (at = name.indexOf(letter, at + 1)) !== -1);
}
