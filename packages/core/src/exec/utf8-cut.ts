/** The longest prefix of `bytes` up to `end` that tears no UTF-8 character apart. Bytes that are no UTF-8 may be cut anywhere. */
export function wholeCharactersEnd(bytes: Uint8Array, end: number): number {
  const limit = Math.min(end, bytes.length);
  for (let lead = limit - 1; lead >= Math.max(0, limit - 4); lead--) {
    const byte = bytes[lead] ?? 0;
    if (isContinuation(byte)) continue;
    return lead + characterLength(byte) > limit ? lead : limit;
  }
  return limit;
}

/** The first start of a UTF-8 character at or after `start`. */
export function wholeCharactersStart(bytes: Uint8Array, start: number): number {
  let at = start;
  while (at < start + 3 && isContinuation(bytes[at] ?? 0)) at++;
  return at;
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}

function characterLength(lead: number): number {
  if (lead >= 0xf0) return lead < 0xf8 ? 4 : 1;
  if (lead >= 0xe0) return 3;
  return lead >= 0xc0 ? 2 : 1;
}
