// Our client beside the SDK's: spawn to tools/list, and one `tools/call` after another, interleaved in blocks. Prints JSON.
// Usage: node benchmarks/round-trip.mjs [BLOCKS] [CALLS]
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { connectStdio } from "../dist/index.js";

const [blocks = 8, calls = 500] = process.argv.slice(2).map(Number);
const server = { command: process.execPath, args: [fileURLToPath(new URL("./echo-server.mjs", import.meta.url))] };

async function openOurs() {
  const client = await connectStdio(server);
  await client.initialize();
  await client.listTools();
  return { call: (message) => client.callTool("echo", { message }), close: () => client.close() };
}

async function openSdk() {
  const client = new Client({ name: "bench", version: "1" });
  await client.connect(new StdioClientTransport(server));
  await client.listTools();
  return { call: (message) => client.callTool({ name: "echo", arguments: { message } }), close: () => client.close() };
}

const subjects = { ours: { open: openOurs, times: [] }, sdk: { open: openSdk, times: [] } };
for (const subject of Object.values(subjects)) {
  const start = performance.now();
  subject.client = await subject.open();
  subject.spawnToListMs = performance.now() - start;
  for (let count = 0; count < 50; count += 1) await subject.client.call("warm");
}
for (let block = 0; block < blocks; block += 1) {
  for (const { client, times } of Object.values(subjects)) {
    for (let count = 0; count < calls; count += 1) {
      const start = performance.now();
      await client.call("hello");
      times.push(performance.now() - start);
    }
  }
}
for (const { client } of Object.values(subjects)) await client.close();

const figures = Object.fromEntries(
  Object.entries(subjects).map(([name, { times, spawnToListMs }]) => {
    const sorted = times.toSorted((a, b) => a - b);
    const at = (share) => Number(sorted[Math.floor(sorted.length * share)].toFixed(4));
    return [name, { spawnToListMs: Math.round(spawnToListMs), medianMs: at(0.5), p99Ms: at(0.99) }];
  }),
);
console.log(JSON.stringify({ ...figures, medianRatio: figures.ours.medianMs / figures.sdk.medianMs, p99Ratio: figures.ours.p99Ms / figures.sdk.p99Ms }, null, 2));
