// Our client beside the SDK's, each with a small server of its own, in one process and in turns, so that what else the machine does hits
// both: spawn to tools/list, then 50 calls to warm up and 1,000 in blocks, one after another. With a name, that client alone, so that it
// pays for nothing that the other left behind. Prints JSON, ms.
// Usage: node round-trip.mjs [ours|sdk]
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { connectStdio } from "../dist/index.js";

const BLOCKS = 10;
const CALLS = 100;
const WARM_UP = 50;
const STARTS = 5;
const server = { command: process.execPath, args: [fileURLToPath(new URL("./echo-server.mjs", import.meta.url))] };

const all = {
  ours: async () => {
    // The SDK gives its servers no certificates, which Node reads as it starts.
    const client = await connectStdio(server, { base: { ...process.env, NODE_EXTRA_CA_CERTS: undefined } });
    await client.initialize();
    await client.listTools();
    return { call: (message) => client.callTool("echo", { message }), close: () => client.close() };
  },
  sdk: async () => {
    const client = new Client({ name: "bench", version: "1" });
    await client.connect(new StdioClientTransport(server));
    await client.listTools();
    return { call: (message) => client.callTool({ name: "echo", arguments: { message } }), close: () => client.close() };
  },
};

const [, , only] = process.argv;
const subjects = only === undefined ? all : { [only]: all[only] };
const starts = { ours: [], sdk: [] };
const calls = { ours: [], sdk: [] };
const open = {};
for (let start = 0; start < STARTS; start += 1) {
  for (const [name, connect] of Object.entries(subjects)) {
    await open[name]?.close();
    const begun = performance.now();
    open[name] = await connect();
    starts[name].push(performance.now() - begun);
  }
}
for (let block = 0; block <= BLOCKS; block += 1) {
  for (const [name, { call }] of Object.entries(open)) {
    for (let count = 0; count < (block === 0 ? WARM_UP : CALLS); count += 1) {
      const sent = performance.now();
      await call("hello");
      if (block > 0) calls[name].push(performance.now() - sent);
    }
  }
}
for (const { close } of Object.values(open)) await close();

const figures = (name) => ({ spawnToListMs: at(starts[name], 0.5), medianMs: at(calls[name], 0.5), p99Ms: at(calls[name], 0.99) });
console.log(JSON.stringify(Object.fromEntries(Object.keys(subjects).map((name) => [name, figures(name)])), null, 2));

function at(values, part) {
  const sorted = values.toSorted((a, b) => a - b);
  return Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN).toPrecision(4));
}
