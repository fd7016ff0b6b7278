// @ts-check
// pnpm bench:tui: frames of the engine, then whole interfaces in tmux, every program in turn. `--help` tells the options.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startFakeResponsesServer } from "../packages/core/dist/index.js";
import { startGeminiServer } from "./gemini-server.mjs";
import { hasTmux } from "./terminal.mjs";
import { measureLong, measureStart, measureStream } from "./tui-cases.mjs";
import { measureEngine, printEngine } from "./tui-engine.mjs";
import { checkGate } from "./tui-gate.mjs";
import { findInterfaces } from "./tui-programs.mjs";
import { tableOfInterfaces } from "./tui-report.mjs";

const HELP = `pnpm bench:tui [--engine] [--rounds 3] [--cases start,stream,long] [--only NAME] [--json FILE] [--write]

--engine: only the frames of the engine, in one process. --gate: what CI holds the interface to, in processor time and bytes; then nothing else.
Peers are the native codex, gemini and opencode, where they are installed in a folder of CODEX_BENCH_PEERS. Needs tmux.
--write puts the tables into docs/performance.md.`;

const { values } = parseArgs({
  options: {
    engine: { type: "boolean" },
    gate: { type: "boolean" },
    rounds: { type: "string", default: "3" },
    cases: { type: "string", default: "start,stream,long" },
    only: { type: "string", default: "" },
    json: { type: "string" },
    write: { type: "boolean" },
    help: { type: "boolean", short: "h" },
  },
});
if (values.help === true) console.log(HELP);
else if (values.gate === true) process.exitCode = await withServer((place) => checkGate(place));
else {
  const engine = await measureEngine([0, 10_000, 100_000]);
  printEngine(engine);
  if (values.engine !== true) await withServer((place) => benchInterfaces(place));
}

/** @template T @param {(place: import("./tui-programs.mjs").Place) => Promise<T>} use */
async function withServer(use) {
  if (!hasTmux) throw new Error("tmux is missing; on Debian: apt-get install tmux");
  const root = mkdtempSync(join(tmpdir(), "codex-bench-tui-"));
  mkdirSync(join(root, "repository"));
  spawnSync("git", ["init", "-q", join(root, "repository")]);
  const [server, gemini] = await Promise.all([startFakeResponsesServer([]), startGeminiServer()]);
  try {
    return await use({ root, server, gemini });
  } finally {
    await Promise.all([server.close(), gemini.close()]);
    rmSync(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
}

/** @param {import("./tui-programs.mjs").Place} place */
async function benchInterfaces(place) {
  const programs = findInterfaces(place).filter(({ name }) => name.includes(values.only));
  const cases = values.cases.split(",");
  /** @type {{ name: string, kind: string, figures: any }[]} */
  const results = [];
  const run = async (/** @type {string} */ name, /** @type {string} */ kind, /** @type {() => Promise<object>} */ measure) => {
    try {
      const figures = await measure();
      results.push({ name, kind, figures });
      process.stderr.write(`${kind} · ${name} · ${JSON.stringify(figures)}\n`);
    } catch (error) {
      process.stderr.write(`${kind} · ${name} · could not be measured: ${String(error).slice(0, 2000)}\n`);
    }
  };
  const rounds = Number(values.rounds);
  for (let round = cases.includes("start") ? -1 : rounds; round < rounds; round++) {
    // The first round settles what a first start asks and keeps; it does not count.
    const extent = round < 0 ? { settleMs: 3000, idleMs: 100, keys: 1 } : { settleMs: 5000, idleMs: 10_000, keys: 40 };
    for (const program of programs) await run(program.name, round < 0 ? "warm-up" : "start", () => measureStart(program, extent));
  }
  for (const program of cases.includes("stream") ? programs : []) await run(program.name, "stream", () => measureStream(program, 26));
  for (const program of cases.includes("long") ? programs : [])
    await run(program.name, "long", () => measureLong(program, { lines: 100_000, keys: 60, idleMs: 10_000 }));
  const table = tableOfInterfaces(
    results,
    programs.map(({ name }) => name),
  );
  console.log(`\n${table}`);
  if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(results, null, 2));
  if (values.write === true) writeTable(table);
}

/** @param {string} table */
function writeTable(table) {
  const file = new URL("../docs/performance.md", import.meta.url);
  const machine = `${String(cpus().length)} × ${cpus()[0]?.model.trim() ?? "unknown"}, Node ${process.versions.node}, load ${(loadavg()[0] ?? 0).toFixed(1)} at the end`;
  const text = readFileSync(file, "utf8");
  writeFileSync(
    file,
    text.replace(
      /<!-- bench:tui:begin -->[^]*<!-- bench:tui:end -->/,
      () => `<!-- bench:tui:begin -->\n${machine}\n\n${table}\n<!-- bench:tui:end -->`,
    ),
  );
}
