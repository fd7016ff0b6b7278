/** A longer line is no submission; it is given out cut off, so that memory has a limit. Bytes. */
const LINE_LIMIT = 64 * 1024 * 1024;

/** The lines of a byte stream without their line feeds; a last line needs none. Bytes, so that a bad one can be told. */
export async function* readLines(input: AsyncIterable<Buffer | string>): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let size = 0;
  const add = (part: Buffer): void => {
    if (size < LINE_LIMIT) parts.push(part);
    size += part.length;
  };
  for await (const chunk of input) {
    const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
    let from = 0;
    for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, from)) {
      add(bytes.subarray(from, at));
      yield Buffer.concat(parts);
      parts = [];
      size = 0;
      from = at + 1;
    }
    if (from < bytes.length) add(bytes.subarray(from));
  }
  if (size > 0) yield Buffer.concat(parts);
}
