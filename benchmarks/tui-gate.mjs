// @ts-check
// What CI holds the whole interface to, in processor time and bytes, which a busy machine changes little: no wall time.
import { spawnSync } from "node:child_process";
import { measureIdle, measureKeys, measureLong, measureStream, ready, spread, withTerminal } from "./tui-cases.mjs";
import { pause } from "./terminal.mjs";
import { findInterfaces } from "./tui-programs.mjs";

/** What `node -e 0` takes on the machine that the budgets are meant for. ms. */
const BARE_NODE_MS = 25;
/** Lines of the conversation: the memory of more than that is for the benchmark. */
const LINES = 20_000;

/** @typedef {{ what: string, is: number, most: number, unit: string }} Check */

/** Prints every check; 1 when one fails, else 0. @param {import("./tui-programs.mjs").Place} place */
export async function checkGate(place) {
  const [ours] = findInterfaces(place);
  if (ours === undefined) throw new Error("nothing to check");
  const slowness = Math.max(1, bareNodeMs() / BARE_NODE_MS);
  console.log(`this machine takes ${slowness.toFixed(1)} × the processor time of the one the budgets are meant for`);
  const start = await fresh(ours);
  const stream = await measureStream(ours, 14);
  const long = await measureLong(ours, { lines: LINES, keys: 20, idleMs: 2000 });
  /** @type {Check[]} */
  const checks = [
    { what: "start, processor time until the input is usable", is: start.cpuMs, most: 100 * slowness, unit: "ms" },
    { what: "idle, bytes", is: start.idleBytes + long.idleBytes, most: 0, unit: "B" },
    { what: "idle, processor", is: Math.max(start.idlePercent, long.idlePercent), most: 0.1, unit: "%" },
    { what: "bytes per key", is: long.keyBytes.median, most: 60, unit: "B" },
    { what: "processor time per key", is: long.cpuPerKeyMs, most: 3 * slowness, unit: "ms" },
    { what: "processor time per key ÷ that without a history", is: long.cpuPerKeyMs / start.cpuPerKeyMs, most: 2.5, unit: "" },
    { what: "bytes of a page", is: long.pages.bytes.median, most: 5000, unit: "B" },
    { what: "processor time of a page", is: long.pages.cpuMs.median, most: 8 * slowness, unit: "ms" },
    { what: "processor time of a resize", is: long.resizes.cpuMs.median, most: 50 * slowness, unit: "ms" },
    // 5 % on a machine that does nothing else; with others on its cores the same work takes half as much again.
    { what: "100 tokens a second, processor", is: stream.streamPercent, most: 8 * slowness, unit: "%" },
    { what: "100 tokens a second, bytes a second", is: stream.streamBytesPerSecond, most: 6000, unit: "B" },
    { what: `${String(LINES)} lines, memory`, is: long.peak, most: 115, unit: "MB" },
  ];
  for (const { what, is, most, unit } of checks) {
    const verdict = is <= most ? "ok  " : "FAIL";
    console.log(`${verdict} ${what}: ${is.toFixed(1)} ${unit}, at most ${most.toFixed(1)} ${unit}`);
  }
  return checks.every(({ is, most }) => is <= most) ? 0 : 1;
}

/** A start, and what keys and idling cost without a history. @param {import("./tui-programs.mjs").Interface} program */
async function fresh(program) {
  const starts = [];
  for (let round = 0; round < 3; round++)
    starts.push(
      await withTerminal(program, async (terminal) => {
        await terminal.start();
        return (await ready(terminal, program)).cpuMs;
      }),
    );
  return withTerminal(program, async (terminal) => {
    await terminal.start();
    await ready(terminal, program);
    await pause(11_000);
    const idle = await measureIdle(terminal, 5000);
    return { cpuMs: Math.min(...starts), ...idle, ...(await measureKeys(terminal, 20)) };
  });
}

/** What most processes of Node take. */
function bareNodeMs() {
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  const code = 'process.stdout.write(require("fs").readFileSync("/proc/self/schedstat", "utf8"))';
  const runs = Array.from(
    { length: 5 },
    () => Number(spawnSync(process.execPath, ["-e", code], { env, encoding: "utf8" }).stdout.split(" ")[0]) / 1e6,
  );
  return spread(runs).median;
}
