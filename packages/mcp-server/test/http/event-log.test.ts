import { expect, test } from "vitest";
import { EventLog } from "../../src/http/event-log.ts";

test("the log keeps what came last, of all streams together, and always the very last", () => {
  const log = new EventLog();
  const megabyte = "x".repeat(1024 * 1024);
  for (const number of [1, 2, 3]) for (const stream of [0, 1]) log.add({ stream, number, json: megabyte });
  expect([0, 1].map((stream) => log.after(stream, 0).map(({ number }) => number))).toEqual([[3], [3]]);
  expect(log.after(1, 3)).toEqual([]);
  log.add({ stream: 1, number: 4, json: megabyte.repeat(3) });
  expect([0, 1].map((stream) => log.after(stream, 0).map(({ number }) => number))).toEqual([[], [4]]);
});
