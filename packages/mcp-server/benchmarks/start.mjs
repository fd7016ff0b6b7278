// From spawn to the answer of tools/list: our server beside a bare one, a fresh process each, turn about. Prints JSON; exits 1 when ours
// takes more than 1.3 times as long. `codex mcp-server` runs along.
// Usage: node benchmarks/start.mjs [RUNS]
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const LIMIT = 1.3;
const programs = {
  bare: [fileURLToPath(new URL("./bare-server.mjs", import.meta.url))],
  ours: [fileURLToPath(new URL("../bin/codex-mcp-server.js", import.meta.url))],
  cli: [fileURLToPath(new URL("../../cli/bin/codex.js", import.meta.url)), "mcp-server"],
};
const runs = Number(process.argv[2] ?? 20);
const times = { bare: [], ours: [], cli: [] };
for (let run = 0; run <= runs; run += 1) {
  for (const [name, args] of Object.entries(programs)) {
    const ms = await start(args);
    // The first of each fills the disk cache.
    if (run > 0) times[name].push(ms);
  }
}
const [bare, ours, cli] = [times.bare, times.ours, times.cli].map(median);
const ratio = ours / bare;
const figures = { bareMs: round(bare), oursMs: round(ours), cliMs: round(cli), ratio: round(ratio), cliRatio: round(cli / bare) };
console.log(JSON.stringify({ runs, ...figures, limit: LIMIT }, null, 2));
if (ratio > LIMIT) process.exitCode = 1;

async function start(args) {
  const began = performance.now();
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "ignore"] });
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "bench", version: "1" } };
  const send = (message) => child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  send({ id: 1, method: "initialize", params });
  await line(child);
  send({ method: "notifications/initialized" });
  send({ id: 2, method: "tools/list" });
  await line(child);
  const ms = performance.now() - began;
  child.stdin.end();
  await once(child, "exit");
  return ms;
}

/** Resolves with the next line; each answer is one, and nothing else comes. */
function line(child) {
  return new Promise((resolve) => {
    let text = "";
    const take = (chunk) => {
      text += chunk;
      if (!text.endsWith("\n")) return;
      child.stdout.off("data", take);
      resolve(text);
    };
    child.stdout.on("data", take);
  });
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

function round(value) {
  return Number(value.toPrecision(4));
}
