const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Brackets and braces differ in this bit only. */
const CASE_BIT = 0x20;
const OPENING = 0x7b;
const CLOSING = 0x7d;

/** Whether JSON, which must be well formed, has lists and objects inside each other to more than `limit` levels. */
export function isDeeper(json: string, limit: number): boolean {
  // Every level takes two characters.
  if (json.length < 2 * limit) return false;
  let depth = 0;
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) at = endOfString(json, at);
    else if ((code | CASE_BIT) === CLOSING) depth -= 1;
    else if ((code | CASE_BIT) === OPENING) {
      depth += 1;
      if (depth > limit) return true;
    }
  }
  return false;
}

function endOfString(json: string, start: number): number {
  let end = json.indexOf('"', start + 1);
  while (isEscaped(json, end)) end = json.indexOf('"', end + 1);
  return end;
}

function isEscaped(json: string, quote: number): boolean {
  let first = quote;
  while (json.charCodeAt(first - 1) === BACKSLASH) first -= 1;
  return (quote - first) % 2 === 1;
}
