import { expect, test } from "vitest";
import { encodeBlock, eventSplitter } from "../../src/cassette/split-events.ts";

const STREAM = [
  'event: response.created\ndata: {"type":"response.created","text":"ü€𝄞"}\n\n',
  'data: {"choices":[]}\n\n',
  ": keep alive\n\n",
  "data: [DONE]\n\n",
  'data: {"two":\ndata: "lines"}\n\n',
  'event: response.output_item.done\ndata: {"torn":',
].join("");

test("a stream's blocks are parsed, kept as text when they are not plain JSON events, and encode to the same bytes, however the stream was cut", () => {
  const bytes = new TextEncoder().encode(STREAM);
  for (const size of [1, 7, bytes.length]) {
    const splitter = eventSplitter();
    const blocks = [];
    for (let at = 0; at < bytes.length; at += size) blocks.push(...splitter.push(bytes.subarray(at, at + size)));
    blocks.push(...splitter.end());
    expect(blocks).toEqual([
      { event: "response.created", data: { type: "response.created", text: "ü€𝄞" } },
      { data: { choices: [] } },
      { text: ": keep alive" },
      { text: "data: [DONE]" },
      { text: 'data: {"two":\ndata: "lines"}' },
      { text: 'event: response.output_item.done\ndata: {"torn":', torn: true },
    ]);
    expect(blocks.map(encodeBlock).join("")).toBe(STREAM);
  }
});
