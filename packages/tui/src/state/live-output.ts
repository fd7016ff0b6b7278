/** Output of a running command: its head and its tail, the middle left out when it is long. */
export interface LiveOutput {
  readonly head: string;
  readonly tail: string;
  /** UTF-16 units left out between head and tail. */
  readonly dropped: number;
  readonly lines: number;
}

const HEAD_LIMIT = 64 * 1024;
const TAIL_LIMIT = 128 * 1024;

export const NO_OUTPUT: LiveOutput = { head: "", tail: "", dropped: 0, lines: 0 };

export function appendOutput(output: LiveOutput, chunk: string): LiveOutput {
  const lines = output.lines + countLineBreaks(chunk);
  const room = HEAD_LIMIT - output.head.length;
  if (output.tail === "" && chunk.length <= room) return { ...output, head: output.head + chunk, lines };
  const head = output.tail === "" ? output.head + chunk.slice(0, Math.max(0, room)) : output.head;
  const tail = output.tail === "" ? chunk.slice(Math.max(0, room)) : output.tail + chunk;
  // Cut only now and then: each cut copies the tail.
  if (tail.length <= 2 * TAIL_LIMIT) return { head, tail, dropped: output.dropped, lines };
  const cut = tail.indexOf("\n", tail.length - TAIL_LIMIT) + 1 || tail.length - TAIL_LIMIT;
  return { head, tail: tail.slice(cut), dropped: output.dropped + cut, lines };
}

/** All that was kept. */
export function outputText({ head, tail, dropped }: LiveOutput): string {
  if (dropped === 0) return head + tail;
  return `${head}\n[… ${String(dropped)} characters left out …]\n${tail}`;
}

/** The output of a command that was seen whole. */
export function outputOf(text: string): LiveOutput {
  return appendOutput(NO_OUTPUT, text);
}

function countLineBreaks(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) count++;
  return count;
}
