/** The last bytes of a stream. */
export interface Tail {
  readonly push: (chunk: Buffer) => void;
  /** Without a character that the cut tore. */
  readonly text: () => string;
}

export function openTail(maxBytes: number): Tail {
  let kept = Buffer.alloc(0);
  let cut = false;

  function push(chunk: Buffer): void {
    cut ||= kept.length + chunk.length > maxBytes;
    kept = Buffer.concat([kept, chunk.subarray(-maxBytes)]).subarray(-maxBytes);
  }

  function text(): string {
    let start = 0;
    while (cut && start < kept.length && ((kept[start] ?? 0) & 0xc0) === 0x80) start += 1;
    return kept.toString("utf8", start);
  }

  return { push, text };
}
