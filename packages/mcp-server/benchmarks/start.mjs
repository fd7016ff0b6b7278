// From spawn to the answer of tools/list, the fastest of many, and the peak of memory then and after a call of `codex`: our server beside a
// bare one, a fresh process each, turn about, in an environment that has nothing but a PATH and a home. Prints JSON; exits 1 when ours takes more than 1.3 times as long as the bare one. `codex mcp-server` runs along,
// and another program with that subcommand when its path is given.
// Usage: node benchmarks/start.mjs [RUNS] [PROGRAM]
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { say, startFakeResponsesServer, times as turns } from "@codex/core";

const LIMIT = 1.3;
const ANSWER_MS = 10_000;
const runs = Number(process.argv[2] ?? 20);
const peer = process.argv[3];
const home = mkdtempSync(join(tmpdir(), "mcp-start-"));
mkdirSync(join(home, "work"));
const model = await startFakeResponsesServer(turns(10, say("Hello.")));
const provider = `[model_providers.bench]\nname = "bench"\nbase_url = "${model.url}"\nwire_api = "responses"\nenv_key = "BENCH_KEY"\n`;
writeFileSync(join(home, "config.toml"), `model = "gpt-5.5"\nmodel_provider = "bench"\n\n${provider}`);
const node = (path) => [process.execPath, fileURLToPath(new URL(path, import.meta.url))];
const programs = {
  bare: node("./bare-server.mjs"),
  ours: node("../bin/codex-mcp-server.js"),
  cli: [...node("../../cli/bin/codex.js"), "mcp-server"],
  ...(peer !== undefined && { peer: [peer, "mcp-server"] }),
};
const names = Object.keys(programs);
const starts = Object.fromEntries(names.map((name) => [name, []]));
for (let run = 0; run <= runs; run += 1) {
  for (const name of names) {
    const figures = await start(programs[name]);
    // The first of each fills the disk cache.
    if (run > 0) starts[name].push(figures);
  }
}
// Afterwards: what a call leaves running would be measured with the next start.
const called = {};
for (const name of names) called[name] = name === "bare" ? 0 : (await start(programs[name], { calls: true })).calledMb;
await model.close();
rmSync(home, { recursive: true, force: true });
// Whatever else the machine does only adds to a start.
const least = (name, figure) => round(Math.min(...starts[name].map((one) => one[figure])));
const figures = Object.fromEntries(
  names.map((name) => [name, { ms: least(name, "ms"), listedMb: least(name, "listedMb"), calledMb: round(called[name]) }]),
);
const ratio = round(figures.ours.ms / figures.bare.ms);
console.log(JSON.stringify({ runs, ...figures, ratio, limit: LIMIT }, null, 2));
if (ratio > LIMIT) process.exitCode = 1;

async function start([command, ...args], { calls = false } = {}) {
  const env = { PATH: process.env["PATH"], HOME: home, CODEX_HOME: home, BENCH_KEY: "test-key" };
  const began = performance.now();
  const child = spawn(command, args, { cwd: join(home, "work"), env, stdio: ["pipe", "pipe", "ignore"] });
  const ended = once(child, "exit");
  const answers = answersOf(child);
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "bench", version: "1" } };
  const send = (message) => child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  send({ id: 1, method: "initialize", params });
  await answers(1);
  send({ method: "notifications/initialized" });
  send({ id: 2, method: "tools/list" });
  await answers(2);
  const ms = performance.now() - began;
  const listedMb = peakMb(child.pid);
  let calledMb = 0;
  if (calls) {
    send({ id: 3, method: "tools/call", params: { name: "codex", arguments: { prompt: "Hello?", "approval-policy": "never" } } });
    await answers(3);
    calledMb = peakMb(child.pid);
  }
  child.stdin.end();
  // Some stay when their input ends.
  const late = setTimeout(() => child.kill("SIGKILL"), 2000);
  await ended;
  clearTimeout(late);
  return { ms, listedMb, calledMb };
}

/** What resolves with the answer to a request. */
function answersOf(child) {
  const waiting = new Map();
  let rest = "";
  child.stdout.setEncoding("utf8").on("data", (chunk) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop();
    for (const { id, method } of lines.map((line) => JSON.parse(line))) if (method === undefined) waiting.get(id)?.();
  });
  return (id) =>
    new Promise((resolve, reject) => {
      const fail = () => reject(new Error(`${child.spawnargs.join(" ")} gave no answer`));
      const late = setTimeout(fail, ANSWER_MS);
      child.once("exit", fail);
      waiting.set(id, () => {
        clearTimeout(late);
        child.off("exit", fail);
        resolve();
      });
    });
}

/** The most memory that the process has had; 0 where the system does not tell. */
function peakMb(pid) {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

function round(value) {
  return Number(value.toPrecision(4));
}
