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
