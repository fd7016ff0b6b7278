import { afterAll, expect, test } from "vitest";
import { createEngineScenario } from "../../src/testing/engine-scenario.ts";
import { VirtualClock } from "../virtual-clock.ts";

// Budgets of issue 6 at 120x40 with a history of 100,000 lines; by bytes and CPU time, which a busy machine does not change much.
const scenario = createEngineScenario({ columns: 120, rows: 40, lines: 100_000, clock: new VirtualClock() });

afterAll(() => scenario.close());

test("a key costs at most 60 bytes", async () => {
  for (const character of "Hello, wörld 日本 again and") {
    const bytes = await scenario.key(character);
    expect(Buffer.byteLength(bytes), JSON.stringify(bytes)).toBeLessThanOrEqual(60);
    expect(bytes).not.toBe("");
  }
});

test("a line that is appended costs at most 250 bytes", async () => {
  for (let count = 0; count < 50; count++) {
    const bytes = Buffer.byteLength(await scenario.append());
    // A line of two rows may cost twice as much.
    expect(bytes).toBeGreaterThan(20);
    expect(bytes).toBeLessThanOrEqual(500);
  }
});

test("a step of an animation costs at most 60 bytes", async () => {
  for (let count = 0; count < 12; count++) expect(Buffer.byteLength(await scenario.tick())).toBeLessThanOrEqual(60);
});

test("a page costs at most 5,000 bytes", async () => {
  for (let count = 0; count < 20; count++) expect(Buffer.byteLength(await scenario.page())).toBeLessThanOrEqual(5000);
});

test("a frame costs 1 ms of CPU time in the median and 8 ms at most in 99 of 100", async () => {
  const times: number[] = [];
  for (let count = 0; count < 400; count++) {
    const step = count % 4 === 0 ? scenario.page : count % 4 === 1 ? scenario.append : () => scenario.key("x");
    times.push(await cpuTime(step));
  }
  times.sort((a, b) => a - b);
  expect(times[200], "median").toBeLessThanOrEqual(1);
  expect(times[396], "99 of 100").toBeLessThanOrEqual(8);
});

test("a resize costs at most 50 ms of CPU time", async () => {
  for (const columns of [80, 120, 61, 200]) expect(await cpuTime(() => scenario.resize(columns, 40))).toBeLessThanOrEqual(50);
});

/** ms of this process. */
async function cpuTime(step: () => Promise<unknown>): Promise<number> {
  const start = process.cpuUsage();
  await step();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
