// @ts-check
// Bytes and CPU time of the terminal interface's frames, in one process, with histories of several lengths.
import { performance } from "node:perf_hooks";
import { createEngineScenario } from "../packages/tui/dist/testing/index.js";

/** @typedef {{ name: string, step: (scenario: ReturnType<typeof createEngineScenario>, round: number) => Promise<string>, budget: string, rounds: number }} Case */
/** @typedef {{ lines: number, name: string, bytes: number, medianMs: number, p99Ms: number, budget: string }} Row */

const WIDTHS = [80, 120, 100];
/** @type {readonly Case[]} */
const CASES = [
  { name: "key", step: (scenario) => scenario.key("x"), budget: "60 B", rounds: 500 },
  { name: "appended line", step: (scenario) => scenario.append(), budget: "250 B", rounds: 500 },
  { name: "animation step", step: (scenario) => scenario.tick(), budget: "60 B", rounds: 200 },
  { name: "page", step: (scenario) => scenario.page(), budget: "5000 B", rounds: 200 },
  { name: "resize", step: (scenario, round) => scenario.resize(WIDTHS[round % WIDTHS.length] ?? 120, 40), budget: "50 ms", rounds: 30 },
];

/** @param {readonly number[]} lengths lines of history @returns {Promise<Row[]>} */
export async function measureEngine(lengths) {
  /** @type {Row[]} */
  const rows = [];
  for (const lines of lengths) rows.push(...(await measure(lines)));
  return rows;
}

/**
 * @param {number} lines
 * @returns {Promise<Row[]>}
 */
async function measure(lines) {
  const clock = { monotonic: () => performance.now(), timer: startTimer };
  const scenario = createEngineScenario({ columns: 120, rows: 40, lines, clock });
  /** @type {Row[]} */
  const measured = [];
  for (const { name, step, budget, rounds } of CASES) {
    /** @type {number[]} */
    const times = [];
    let bytes = 0;
    for (let round = 0; round < rounds; round++) {
      const start = process.cpuUsage();
      const written = await step(scenario, round);
      const { user, system } = process.cpuUsage(start);
      times.push((user + system) / 1000);
      bytes += Buffer.byteLength(written);
    }
    times.sort((a, b) => a - b);
    const at = (/** @type {number} */ share) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
    measured.push({ lines, name, bytes: Math.round(bytes / rounds), medianMs: at(0.5), p99Ms: at(0.99), budget });
  }
  scenario.close();
  return measured;
}

/**
 * @param {number} ms
 * @param {() => void} callback
 */
function startTimer(ms, callback) {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
}

/** @param {readonly Row[]} table */
export function printEngine(table) {
  console.log("120x40, CPU time per frame\n");
  console.log("history   step             bytes   median ms   p99 ms   budget");
  for (const { lines, name, bytes, medianMs, p99Ms, budget } of table)
    console.log(
      `${String(lines).padStart(7)}   ${name.padEnd(15)} ${String(bytes).padStart(6)} ${medianMs.toFixed(2).padStart(11)} ${p99Ms.toFixed(2).padStart(8)}   ${budget}`,
    );
}
