import { isUtf8 } from "node:buffer";

export type Utf8 =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; /** Of the first byte that fits nowhere. */ readonly offset: number };

/** Reads bytes as UTF-8 without replacing anything; a byte order mark at the start is dropped. */
export function decodeUtf8(bytes: Buffer): Utf8 {
  if (!isUtf8(bytes)) return { ok: false, offset: firstBadByte(bytes) };
  const text = bytes.toString("utf8");
  return { ok: true, text: text.startsWith("\ufeff") ? text.slice(1) : text };
}

/** Halves its way to the longest prefix that is UTF-8, a character cut at the prefix's end not counting as bad. */
function firstBadByte(bytes: Buffer): number {
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = good + Math.floor((bad - good) / 2);
    if (isUtf8(bytes.subarray(0, middle)) || endsInCharacter(bytes, middle)) good = middle;
    else bad = middle;
  }
  // Step back to the start of the character that the bad byte broke.
  while (good > 0 && !isUtf8(bytes.subarray(0, good))) good--;
  return good;
}

function endsInCharacter(bytes: Buffer, end: number): boolean {
  for (let back = 1; back <= 3 && back <= end; back++) {
    const lead = bytes[end - back] ?? 0;
    if (lead >= 0xc0) return back < lengthOf(lead) && isUtf8(bytes.subarray(0, end - back));
    if (lead < 0x80) return false;
  }
  return false;
}

function lengthOf(lead: number): number {
  if (lead >= 0xf0) return 4;
  return lead >= 0xe0 ? 3 : 2;
}
