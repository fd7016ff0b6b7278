#!/usr/bin/env node
// What confinement costs per command: started by a program of two sizes, and inside a turn of `codex exec`. Linux only.
// Usage: sandbox.mjs [--runs N] [--calls N]     Needs a build.
import { spawn } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { call, say, startFakeResponsesServer } from "../packages/core/dist/index.js";
import { startExecHost } from "../packages/linux-sandbox/dist/client.js";

const { values } = parseArgs({
  options: { runs: { type: "string", default: "200" }, calls: { type: "string", default: "60" }, megabytes: { type: "string" } },
});
const CODEX = fileURLToPath(new URL("../packages/cli/bin/codex.js", import.meta.url));
const folder = realpathSync(mkdtempSync(join(tmpdir(), "bench-sandbox-")));

try {
  if (process.platform !== "linux") console.log("skipped: the sandbox that is measured here is for Linux");
  else if (values.megabytes !== undefined) console.log(JSON.stringify(await measureSpawns(Number(values.megabytes))));
  else await report();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function report() {
  for (const megabytes of [0, 800]) {
    const { rss, medians } = await inProcess(megabytes);
    console.log(`\n/bin/true, ${values.runs} runs each, interleaved, from a process of ${rss} MB (median ms, × plain)`);
    for (const [name, ms] of Object.entries(medians))
      console.log(`  ${name.padEnd(28)} ${ms.toFixed(2).padStart(7)}  ${(ms / medians["plain spawn"]).toFixed(2)}`);
  }
  console.log(`\ncodex exec, ${values.calls} calls of /bin/true (median ms from one request to the next, and added to the first column)`);
  const rounds = [];
  for (let round = 0; round < 3; round++) {
    rounds.push({
      unconfined: await gaps(["--dangerously-bypass-approvals-and-sandbox"]),
      landlock: await gaps(["--sandbox", "read-only"]),
      // Not --full-auto: its cost hangs on what else lies in /tmp.
      bwrap: await gaps(["-s", "disk-full-read-access", "-s", "disk-write-cwd"]),
    });
  }
  const middle = (name) => median(rounds.map((one) => one[name].median));
  for (const name of ["unconfined", "landlock", "bwrap"]) {
    const first = median(rounds.map((one) => one[name].first));
    console.log(
      `  ${name.padEnd(12)} ${middle(name).toFixed(2).padStart(7)}  +${(middle(name) - middle("unconfined")).toFixed(2)}   first call ${first.toFixed(1)}`,
    );
  }
}

/** A process of its own for each size: a heap that was large once stays large. */
function inProcess(megabytes) {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), "--megabytes", String(megabytes), "--runs", values.runs], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.on("data", (chunk) => (text += chunk));
  return new Promise((resolve, reject) =>
    child.on("close", (code) => (code === 0 ? resolve(JSON.parse(text)) : reject(new Error(`exit ${code}`)))),
  );
}

async function measureSpawns(megabytes) {
  const ballast = Array.from({ length: megabytes / 10 }, () => Buffer.alloc(10 << 20, 1));
  // As in a session, which asks for the same confinement again and again.
  const [bare, host, reading] = Array.from({ length: 3 }, () => startExecHost({ env: process.env }));
  const confinement = (...permissions) => ({
    policy: { permissions: ["disk-full-read-access", ...permissions] },
    context: { cwd: folder, platform: "linux", temporaryDirectory: tmpdir() },
    require: [],
    cacheDirectory: folder,
  });
  const paths = {
    "plain spawn": () => plain(),
    "exec host": () => hosted(bare),
    "exec host, landlock": () => hosted(reading, confinement()),
    "exec host, bwrap": () => hosted(host, confinement("disk-write-cwd")),
  };
  const times = Object.fromEntries(Object.keys(paths).map((name) => [name, []]));
  for (const run of Object.values(paths)) await run();
  for (let i = 0; i < Number(values.runs); i++) {
    for (const [name, run] of Object.entries(paths)) {
      const start = performance.now();
      await run();
      times[name].push(performance.now() - start);
    }
  }
  await Promise.all([bare, host, reading].map((one) => one.close()));
  const rss = Math.round(process.memoryUsage.rss() / 2 ** 20);
  return {
    rss: ballast.length < 0 ? 0 : rss,
    medians: Object.fromEntries(Object.entries(times).map(([name, list]) => [name, median(list)])),
  };
}

function plain() {
  const child = spawn("/bin/true", [], { cwd: folder, env: {}, stdio: ["ignore", "pipe", "pipe"], detached: true });
  child.stdout.resume();
  child.stderr.resume();
  return new Promise((resolve) => child.once("close", resolve));
}

async function hosted(host, confinement) {
  const started = await host.spawn({ argv: ["/bin/true"], cwd: folder, env: {}, ...(confinement === undefined ? {} : { confinement }) });
  if (!started.ok) throw new Error(started.message);
  const { output, exit, releaseOutput } = started.command;
  const socket = new Socket({ fd: output, readable: true, writable: false });
  socket.resume();
  await Promise.all([exit, new Promise((resolve) => socket.once("end", resolve))]);
  releaseOutput(true);
}

async function gaps(flags) {
  const calls = Array.from({ length: Number(values.calls) }, () => call("shell", { command: ["/bin/true"] }));
  const server = await startFakeResponsesServer([...calls, say("done")]);
  const home = mkdtempSync(join(folder, "home-"));
  const env = { PATH: process.env.PATH, HOME: home, CODEX_HOME: home, OPENAI_API_KEY: "key", OPENAI_BASE_URL: server.url };
  const child = spawn(process.execPath, [CODEX, "exec", "--skip-git-repo-check", "-m", "gpt-5.5", ...flags, "go"], {
    cwd: home,
    env,
    stdio: "ignore",
  });
  await new Promise((resolve) => child.once("exit", resolve));
  await server.close();
  const at = server.requests.map((request) => request.atMs);
  const between = at.slice(1).map((time, index) => time - at[index]);
  return { first: between[0], median: median(between.slice(1)) };
}

function median(list) {
  return list.toSorted((a, b) => a - b)[list.length >> 1];
}
