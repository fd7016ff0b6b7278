import { expect, test } from "vitest";
import type { Event } from "../../src/protocol/event.ts";
import { EventLog } from "../../src/session/event-log.ts";

const delta = (text: string): Event => ({ id: "1", msg: { type: "agent_message_delta", delta: text } });
const started: Event = { id: "1", msg: { type: "task_started" } };

test("the first reader gets what was emitted before it came, a later one only what comes after", async () => {
  const log = new EventLog();
  log.emit(started);
  const first: Event[] = [];
  log.subscribe((event) => first.push(event));
  const second = log.read();
  log.emit(delta("a"));
  const read = second.next();
  log.emit(delta("b"));
  log.end();
  expect(first).toEqual([started, delta("a"), delta("b")]);
  expect((await read).value).toEqual(delta("b"));
});

test("a reader that lags sees neighbouring deltas joined and everything else as it was", async () => {
  const log = new EventLog();
  for (const event of [delta("a"), delta("b"), started, delta("c")]) log.emit(event);
  log.end();
  const seen: Event[] = [];
  for await (const event of log.read()) seen.push(event);
  expect(seen).toEqual([delta("ab"), started, delta("c")]);
});

test("a listener that stopped is not called again", () => {
  const log = new EventLog();
  const seen: Event[] = [];
  const stop = log.subscribe((event) => seen.push(event));
  log.emit(started);
  stop();
  log.emit(started);
  expect(seen).toEqual([started]);
});

test("a listener that throws is told so by an uncaught exception, and harms neither the session nor other readers", async () => {
  const faults: unknown[] = [];
  const others = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  process.on("uncaughtException", (error) => faults.push(error));
  const log = new EventLog();
  const seen: Event[] = [];
  const fault = new Error("a reader's bug");
  log.subscribe(() => {
    throw fault;
  });
  log.subscribe((event) => seen.push(event));
  log.emit(started);
  await new Promise((resolve) => setImmediate(resolve));
  process.removeAllListeners("uncaughtException");
  for (const listener of others) process.on("uncaughtException", listener);
  expect({ seen, faults }).toEqual({ seen: [started], faults: [fault] });
});

test("a reader that holds text back gets it joined when it asks, and before anything else", () => {
  const log = new EventLog();
  const seen: Event[] = [];
  const asked: (() => void)[] = [];
  log.subscribe((event) => seen.push(event), { hold: (deliver) => asked.push(deliver) });
  for (const text of ["a", "b", "c"]) log.emit(delta(text));
  expect([seen, asked.length]).toEqual([[], 1]);
  asked[0]?.();
  asked[0]?.();
  log.emit(delta("d"));
  log.emit({ id: "1", msg: { type: "agent_reasoning_delta", delta: "e" } });
  log.emit(started);
  expect(seen).toEqual([delta("abc"), delta("d"), { id: "1", msg: { type: "agent_reasoning_delta", delta: "e" } }, started]);
  expect(asked.length).toBe(3);
});

test("much text is not held back, and none is delivered to a reader that stopped", () => {
  const log = new EventLog();
  const seen: Event[] = [];
  let deliver: () => void = () => undefined;
  const hold = (ready: () => void): void => void (deliver = ready);
  const stop = log.subscribe((event) => seen.push(event), { hold });
  const half = "x".repeat(40_000);
  log.emit(delta(half));
  log.emit(delta(half));
  log.emit(delta("late"));
  stop();
  deliver();
  expect(seen).toEqual([delta(half + half)]);
});
