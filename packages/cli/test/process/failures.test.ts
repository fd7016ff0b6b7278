import { type ErrorCode, type ScriptedTurn, cut, endEarly, fail, refuse, say, stall, times } from "@codex/core";
import { describe, test } from "vitest";
import { eventsOf, openPlace } from "./codex-process.ts";

interface FailureCase {
  readonly name: string;
  readonly turns: readonly ScriptedTurn[];
  readonly requests: number;
  /** Undefined: the turn completes. */
  readonly code?: ErrorCode;
  /** What the message must hold: the server's own words, where it has any. */
  readonly message?: string;
  readonly args?: readonly string[];
}

const FOR_EVER = 10;
const CASES: readonly FailureCase[] = [
  { name: "a stream cut once", turns: [cut("half"), say("whole")], requests: 2 },
  { name: "a stream that ends without completion once", turns: [cut("half", { clean: true }), say("whole")], requests: 2 },
  { name: "a stream cut for ever", turns: times(FOR_EVER, cut("half")), requests: 6, code: "stream_cut" },
  { name: "429 with Retry-After once", turns: [refuse(429, "slow down", { headers: { "retry-after": "1" } }), say("ok")], requests: 2 },
  { name: "429 for ever", turns: times(FOR_EVER, refuse(429, "slow down")), requests: 6, code: "rate_limited", message: "slow down" },
  { name: "500 for ever", turns: times(FOR_EVER, refuse(500, "boom")), requests: 6, code: "server_error", message: "boom" },
  { name: "a connection that is dropped for ever", turns: times(FOR_EVER, { type: "unreachable" }), requests: 6 },
  { name: "400", turns: times(FOR_EVER, refuse(400, "bad text")), requests: 1, code: "bad_request", message: "bad text" },
  { name: "401", turns: times(FOR_EVER, refuse(401, "bad key")), requests: 1, code: "unauthorized", message: "bad key" },
  { name: "403", turns: times(FOR_EVER, refuse(403, "not yours")), requests: 1, code: "forbidden", message: "not yours" },
  { name: "404", turns: times(FOR_EVER, refuse(404, "no such path")), requests: 1, code: "not_found", message: "no such path" },
  { name: "413", turns: times(FOR_EVER, refuse(413, "shrink it")), requests: 1, code: "bad_request", message: "shrink it" },
  { name: "422", turns: times(FOR_EVER, refuse(422, "odd")), requests: 1, code: "bad_request", message: "odd" },
  {
    name: "a context that is too long",
    turns: times(FOR_EVER, fail("context_length_exceeded", "too long")),
    requests: 1,
    code: "context_overflow",
  },
  {
    name: "no quota",
    turns: times(FOR_EVER, refuse(429, "pay first", { code: "insufficient_quota" })),
    requests: 1,
    code: "quota_exceeded",
    message: "pay first",
  },
  { name: "an answer that fails once", turns: [fail("server_error", "oops"), say("ok")], requests: 2 },
  { name: "an answer ended early", turns: times(FOR_EVER, endEarly("max_output_tokens")), requests: 1, code: "incomplete" },
  {
    name: "a provider that falls silent",
    turns: times(FOR_EVER, stall()),
    requests: 2,
    code: "idle_timeout",
    args: ["-c", "model_providers.openai.stream_idle_timeout_ms=300", "-c", "model_providers.openai.stream_max_retries=1"],
  },
];

describe.concurrent("codex exec --json answers", () => {
  test.for(CASES)("$name", async ({ turns, requests, code, message, args = [] }, { expect: check }) => {
    await using place = await openPlace(turns);
    const finished = await place.run(["exec", "--json", ...args, "go"]);
    const events = eventsOf(finished);
    check(place.server.requests.length).toBe(requests);
    const last = events.at(-1);
    if (last?.type !== "turn.failed") {
      check({ exit: finished.code, last: last?.type, expected: code }).toEqual({ exit: 0, last: "turn.completed", expected: undefined });
      check(events.filter((event) => event.type === "item.completed" && event.item.type === "agent_message")).toHaveLength(1);
      return;
    }
    check(finished.code).toBe(1);
    if (code !== undefined) check(last.error.code).toBe(code);
    check(last.error.message.split(message ?? "\0").length).toBe(message === undefined ? 1 : 2);
    check(events.filter(({ type }) => type === "turn.failed")).toHaveLength(1);
  });

  test("a provider that refuses connections, within the same budget", async ({ expect: check }) => {
    await using place = await openPlace([]);
    await place.server.close();
    const finished = await place.run(["exec", "--json", "go"]);
    check(finished.code).toBe(1);
    const events = eventsOf(finished);
    check(events.at(-1)).toMatchObject({ type: "turn.failed", error: { code: "unreachable" } });
    check(events.filter((event) => event.type === "item.completed" && event.item.type === "error")).toHaveLength(5);
  });
});
