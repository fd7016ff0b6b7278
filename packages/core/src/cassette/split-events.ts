/** One block of an event stream: `event` and the parsed `data`, or the block's text when it is anything else. */
export type StreamBlock = { readonly event?: string; readonly data: unknown } | { readonly text: string; readonly torn?: true };

/** Cuts a byte stream into blocks at its empty lines. `end` gives what was left open. */
export function eventSplitter(): { push(chunk: Uint8Array): StreamBlock[]; end(): StreamBlock[] } {
  const decoder = new TextDecoder();
  let open = "";
  return {
    push(chunk) {
      const blocks = (open + decoder.decode(chunk, { stream: true })).split(BLANK_LINE);
      open = blocks.pop() ?? "";
      return blocks.map(parseBlock);
    },
    end() {
      const rest = open + decoder.decode();
      open = "";
      return rest === "" ? [] : [{ text: rest, torn: true }];
    },
  };
}

/** The bytes of a block; what `push` gives for them is the block again. */
export function encodeBlock(block: {
  readonly event?: string | undefined;
  readonly data?: unknown;
  readonly text?: string | undefined;
  readonly torn?: true | undefined;
}): string {
  if (block.text !== undefined) return block.torn === true ? block.text : `${block.text}\n\n`;
  const name = block.event === undefined ? "" : `event: ${block.event}\n`;
  return `${name}data: ${JSON.stringify(block.data)}\n\n`;
}

const BLANK_LINE = /\r?\n\r?\n/;
const PLAIN_BLOCK = /^(?:event: ?(?<event>[^\r\n]*)\r?\n)?data: ?(?<data>[^\r\n]*)$/;

function parseBlock(text: string): StreamBlock {
  const { event, data } = PLAIN_BLOCK.exec(text)?.groups ?? {};
  if (data === undefined) return { text };
  try {
    const value: unknown = JSON.parse(data);
    return event === undefined ? { data: value } : { event, data: value };
  } catch {
    return { text };
  }
}
