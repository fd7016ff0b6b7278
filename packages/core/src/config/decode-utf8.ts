export type DecodedText =
  | { readonly ok: true; readonly text: string }
  /** `message` begins with `line:column: `. */
  | { readonly ok: false; readonly message: string };

/** Decodes a file that must be UTF-8; a byte order mark is dropped. */
export function decodeUtf8(bytes: Uint8Array): DecodedText {
  try {
    return { ok: true, text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return { ok: false, message: describeDamage(bytes) };
  }
}

function describeDamage(bytes: Uint8Array): string {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return "1:1: the file is UTF-16; save it as UTF-8";
  }
  const lossy = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const bad = new TextEncoder().encode(lossy).findIndex((byte, index) => byte !== bytes[index]);
  const before = new TextDecoder().decode(bytes.subarray(0, bad)).split("\n");
  const byte = (bytes[bad] ?? 0).toString(16).padStart(2, "0");
  return `${before.length}:${(before.at(-1) ?? "").length + 1}: the file is not UTF-8 (byte 0x${byte})`;
}
