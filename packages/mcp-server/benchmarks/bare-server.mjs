// The least a server with these tools can be: no protocol library, the answers as they are. What our server is held against.
import { createInterface } from "node:readline";

const results = {
  initialize: ({ protocolVersion }) => ({ protocolVersion, capabilities: { tools: {} }, serverInfo: { name: "bare", version: "1" } }),
  "tools/list": () => ({
    tools: [{ name: "codex", inputSchema: { type: "object", properties: { prompt: { type: "string" } }, required: ["prompt"] } }],
  }),
};

createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method, params } = JSON.parse(line);
  if (id !== undefined) process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id, result: results[method]?.(params) ?? {} })}\n`);
});
