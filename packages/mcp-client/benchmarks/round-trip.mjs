// Our client beside the SDK's on one small server: spawn to tools/list, then 1,000 calls one after another after 50 to warm up. Each
// run is a fresh process, and the runs alternate. Prints JSON; the figures are medians over the runs.
// Usage: node benchmarks/round-trip.mjs [RUNS]
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const [argument = "5"] = process.argv.slice(2);
if (argument in subjects()) await measure(subjects()[argument]);
else report(Number(argument));

function report(count) {
  const runs = { sdk: [], ours: [] };
  for (let run = 0; run < count; run += 1) {
    for (const name of Object.keys(runs)) {
      runs[name].push(JSON.parse(execFileSync(process.execPath, [fileURLToPath(import.meta.url), name], { encoding: "utf8" })));
    }
  }
  const figures = Object.fromEntries(
    Object.entries(runs).map(([name, list]) => [
      name,
      Object.fromEntries(Object.keys(list[0]).map((key) => [key, median(list.map((one) => one[key]))])),
    ]),
  );
  const ratio = Object.fromEntries(Object.keys(figures.ours).map((key) => [key, round(figures.ours[key] / figures.sdk[key])]));
  console.log(JSON.stringify({ ...figures, ratio }, null, 2));
}

async function measure(open) {
  const server = { command: process.execPath, args: [fileURLToPath(new URL("./echo-server.mjs", import.meta.url))] };
  const start = performance.now();
  const { call, close } = await open(server);
  const listMs = performance.now() - start;
  for (let count = 0; count < 50; count += 1) await call("warm");
  const times = [];
  for (let count = 0; count < 1000; count += 1) {
    const sent = performance.now();
    await call("hello");
    times.push(performance.now() - sent);
  }
  await close();
  times.sort((a, b) => a - b);
  console.log(JSON.stringify({ importSpawnListMs: round(listMs), medianMs: round(times[500]), p99Ms: round(times[990]) }));
}

function subjects() {
  return {
    ours: async (server) => {
      const { connectStdio } = await import("../dist/index.js");
      const client = await connectStdio(server);
      await client.initialize();
      await client.listTools();
      return { call: (message) => client.callTool("echo", { message }), close: () => client.close() };
    },
    sdk: async (server) => {
      const { Client } = await import("@modelcontextprotocol/sdk/client/index.js");
      const { StdioClientTransport } = await import("@modelcontextprotocol/sdk/client/stdio.js");
      const client = new Client({ name: "bench", version: "1" });
      await client.connect(new StdioClientTransport(server));
      await client.listTools();
      return { call: (message) => client.callTool({ name: "echo", arguments: { message } }), close: () => client.close() };
    },
  };
}

function median(values) {
  return round(values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]);
}

function round(value) {
  return Number(value.toPrecision(4));
}
