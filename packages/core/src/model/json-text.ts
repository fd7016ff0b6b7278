/**
 * The value as JSON that every provider can read: half of a surrogate pair, which a string may hold and UTF-8 cannot, becomes U+FFFD.
 * Texts get one when they are cut between the halves, and servers and files may bring some.
 */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value);
  // Whole pairs are written as they are, so that nearly no text goes further than this.
  return text.includes("\\ud") ? text.replace(ESCAPE, (escape) => (escape.length > 2 ? "\ufffd" : escape)) : text;
}

/** Every escape is taken, that of a backslash too, or what follows one would be mistaken for the half of a pair. */
const ESCAPE = /\\(?:ud[89a-f][0-9a-f]{2}|.)/g;
