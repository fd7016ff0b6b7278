// The figures of MCP as a Markdown table: validation, import, round trips, each beside the reference SDK in the same run.
// Usage: node benchmarks/mcp.mjs. Exits with 1 when a goal is missed.
import { execFileSync } from "node:child_process";
import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { median } from "./report.mjs";

const ROUNDS = 7;

const run = (path) =>
  JSON.parse(execFileSync(process.execPath, [fileURLToPath(new URL(`../packages/${path}`, import.meta.url))], { encoding: "utf8" }));

const validate = run("mcp-types/benchmarks/validate.mjs");
const imports = run("mcp-client/benchmarks/imports.mjs");
const trips = Array.from({ length: ROUNDS }, () => run("mcp-client/benchmarks/round-trip.mjs"));
const trip = (who, figure) => median(trips.map((one) => one[who][figure]));
const both = (figure) => [trip("ours", figure), trip("sdk", figure)];
const ratio = (figure) => trip("ours", figure) / trip("sdk", figure);
const rows = [
  row("validate a list of 500 tools, median", [validate.ours.median, validate.sdk.median], {
    goal: "≤ 0.3 ms",
    met: validate.ours.median <= 0.3,
  }),
  row("validate it for the first time", [validate.ours.first, validate.sdk.first]),
  row("import of types and client", [imports.ours, imports.sdk], { goal: "≤ 15 ms", met: imports.ours <= 15 }),
  row("spawn → tools/list, median", both("spawnToListMs")),
  row("call and answer, median", both("medianMs"), { goal: "≤ 0.6 × SDK", met: ratio("medianMs") <= 0.6 }),
  row("call and answer, 99th of 100", both("p99Ms"), { goal: "≤ SDK", met: ratio("p99Ms") <= 1 }),
];
console.log(`${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.versions.node}, load ${loadavg()[0].toFixed(1)}\n`);
console.log("| figure | ours | SDK | ours / SDK | goal |\n| --- | --- | --- | --- | --- |");
for (const { text } of rows) console.log(text);
if (rows.some(({ met }) => !met)) process.exitCode = 1;

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
