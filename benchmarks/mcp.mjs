// The figures of MCP as a Markdown table: validation, import, round trips, each beside the reference SDK in the same run, and the start of
// our server beside a bare one, and beside the reference's where CODEX_BENCH_PEERS leads to one that has it.
// Usage: node benchmarks/mcp.mjs. Exits with 1 when a goal is missed.
import { spawnSync } from "node:child_process";
import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { findCodex } from "./peers.mjs";
import { median } from "./report.mjs";

const ROUNDS = 7;

const run = (path, ...args) => runBelow([], path, ...args);
const runBelow = (words, path, ...args) => {
  const program = fileURLToPath(new URL(`../packages/${path}`, import.meta.url));
  const [command = "", ...rest] = [...words, process.execPath, program, ...args];
  const { stdout, stderr } = spawnSync(command, rest, { encoding: "utf8" });
  // One that misses a goal says so with its exit code, and prints its figures all the same.
  if (stdout === "") throw new Error(`${path} printed nothing: ${stderr}`);
  return JSON.parse(stdout);
};

const validate = run("mcp-types/benchmarks/validate.mjs");
const imports = run("mcp-client/benchmarks/imports.mjs");
const roundTrip = "mcp-client/benchmarks/round-trip.mjs";
// A client and its server on two cores wake each other across them, on one they do not: the system's choice would be measured.
const pinned = spawnSync("taskset", ["--version"]).error === undefined ? ["taskset", "--cpu-list", "0"] : [];
const together = Array.from({ length: ROUNDS }, () => runBelow(pinned, roundTrip));
const alone = Array.from({ length: ROUNDS }, () => ({ ...runBelow(pinned, roundTrip, "ours"), ...runBelow(pinned, roundTrip, "sdk") }));
const free = pinned.length === 0 ? together : Array.from({ length: ROUNDS }, () => run(roundTrip));
const peer = peerWithServer();
const start = run("mcp-server/benchmarks/start.mjs", "20", ...(peer === undefined ? [] : [peer.path]));
const both = (trips, figure) => ["ours", "sdk"].map((who) => median(trips.map((one) => one[who][figure])));
const rows = [
  row("validate a list of 500 tools, median", [validate.ours.median, validate.sdk.median], {
    goal: "≤ 0.3 ms",
    met: validate.ours.median <= 0.3,
  }),
  row("validate it for the first time", [validate.ours.first, validate.sdk.first]),
  row("import of types and client", [imports.ours, imports.sdk], { goal: "≤ 15 ms", met: imports.ours <= 15 }),
  row("spawn → tools/list, median", both(free, "spawnToListMs")),
  ...tripRows("both clients in one process", together),
  ...tripRows("a process for each client", alone),
  ...(free === together ? [] : [row("call and answer, on whatever cores, both in one process, median", both(free, "medianMs"))]),
];
console.log(`${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.versions.node}, load ${loadavg()[0].toFixed(1)}\n`);
console.log("| figure | ours | SDK | ours / SDK | goal |\n| --- | --- | --- | --- | --- |");
const startRow = row("`codex-mcp-server`, spawn → tools/list, beside a bare server", [start.ours.ms, start.bare.ms], {
  goal: `≤ ${start.limit} × bare`,
  met: start.ratio <= start.limit,
});
rows.push(startRow, row("`codex mcp-server`, the same", [start.cli.ms, start.bare.ms]));
for (const { text } of rows) console.log(text);
console.log("\n| server | spawn → tools/list | peak memory then | after a call |\n| --- | --- | --- | --- |");
for (const [name, title] of servers()) {
  const { ms, listedMb, calledMb } = start[name];
  console.log(`| ${title} | ${round(ms)} ms | ${round(listedMb)} MB | ${calledMb === 0 ? "" : `${round(calledMb)} MB`} |`);
}
if (rows.some(({ met }) => !met)) process.exitCode = 1;

/** The reference's program, while it has an MCP server; later versions have none. */
function peerWithServer() {
  const path = findCodex();
  if (path === undefined) return undefined;
  const version = /\d+\.\d+\.\d+/.exec(spawnSync(path, ["--version"], { encoding: "utf8" }).stdout ?? "")?.[0] ?? "";
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (version !== "" && major === 0 && minor < 154) return { path, version };
  console.error(`${path} is ${version}, which has no MCP server; 0.153 is the last that has one`);
  return undefined;
}

function servers() {
  const ours = [
    ["bare", "a bare server"],
    ["ours", "`codex-mcp-server`"],
    ["cli", "`codex mcp-server`"],
  ];
  return peer === undefined ? ours : [...ours, ["peer", `codex ${peer.version}, native: \`codex mcp-server\``]];
}

function tripRows(how, trips) {
  const [medians, tails] = [both(trips, "medianMs"), both(trips, "p99Ms")];
  return [
    row(`call and answer, ${how}, median`, medians, { goal: "≤ 0.6 × SDK", met: medians[0] <= 0.6 * medians[1] }),
    row(`call and answer, ${how}, 99th of 100`, tails, { goal: "≤ SDK", met: tails[0] <= tails[1] }),
  ];
}

function row(title, [mine, theirs], { goal = "", met = true } = {}) {
  const cells = [
    title,
    `${round(mine)} ms`,
    `${round(theirs)} ms`,
    round(mine / theirs),
    `${goal}${goal === "" ? "" : met ? ", met" : ", missed"}`,
  ];
  return { text: `| ${cells.join(" | ")} |`, met };
}

function round(value) {
  return String(Number(value.toPrecision(3)));
}
