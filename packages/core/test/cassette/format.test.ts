import { expect, test } from "vitest";
import { compactBody, parseCassette, type CassetteLine } from "../../src/cassette/format.ts";
import { CodexError } from "../../src/protocol/error-code.ts";

const HEADER: CassetteLine = { type: "cassette", version: 1, started_at: "2026-01-02T03:04:05.000Z" };
const REQUEST: CassetteLine = { type: "request", n: 1, at_ms: 3, method: "POST", path: "/v1/responses", body: { model: "m", input: [1] } };
const HEAD: CassetteLine = { type: "response_head", n: 1, at_ms: 5, status: 200, headers: { "content-type": "text/event-stream" } };
const EVENT: CassetteLine = { type: "response_event", n: 1, at_ms: 6, data: { type: "response.completed" } };
const ENDED: CassetteLine = { type: "response_end", n: 1, at_ms: 7, end: { type: "ended" } };
const TOOL: CassetteLine = { type: "tool_result", at_ms: 9, call_id: "c1", output: "out", events: [] };
const APPROVAL: CassetteLine = { type: "approval", at_ms: 8, call_id: "c1", decision: "approved" };
const END: CassetteLine = { type: "end", at_ms: 20, outcome: "complete" };

function text(...lines: readonly (CassetteLine | string)[]): string {
  return lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line)) + "\n").join("");
}

function failureOf(content: string): string {
  try {
    parseCassette(content, "run.jsonl");
  } catch (error) {
    if (error instanceof CodexError && error.code === "cassette_invalid") return error.message;
    throw error;
  }
  return "";
}

test("a cassette is read into exchanges, tool results, approvals and the outcome", () => {
  expect(parseCassette(text(HEADER, REQUEST, HEAD, EVENT, ENDED, APPROVAL, TOOL, END), "run.jsonl")).toEqual({
    file: "run.jsonl",
    header: HEADER,
    mcpOffers: [],
    exchanges: [
      {
        n: 1,
        request: { method: "POST", path: "/v1/responses", body: { model: "m", input: [1] } },
        head: HEAD,
        chunks: [EVENT],
        end: ENDED,
      },
    ],
    tools: [TOOL],
    approvals: [APPROVAL],
    outcome: "complete",
  });
});

test("what a request has in common with the one before is left out and filled in again", () => {
  const before = { model: "m", tools: [{ a: 1 }], input: [1, { two: 2 }] };
  const body = { model: "m", tools: [{ a: 1 }], input: [1, { two: 2 }, 3], stream: true };
  const compact = compactBody(body, before);
  expect(compact).toEqual({ body: { input: [3], stream: true }, same: { keys: ["model", "tools"], items: 2 } });
  const second: CassetteLine = { ...(REQUEST as object), n: 2, ...compact } as CassetteLine;
  const first: CassetteLine = { ...(REQUEST as object), body: before } as CassetteLine;
  const cassette = parseCassette(
    text(HEADER, first, HEAD, ENDED, second, { ...HEAD, n: 2 } as CassetteLine, { ...ENDED, n: 2 } as CassetteLine, END),
    "f",
  );
  expect(cassette.exchanges.map((exchange) => exchange.request.body)).toEqual([before, body]);
});

test.each<[string, string, string]>([
  ["an empty file", "", 'run.jsonl:1: expected the header {"type":"cassette","version":1,…}'],
  ["no JSON", "# Notes\n", 'run.jsonl:1: expected the header {"type":"cassette","version":1,…}, found # Notes'],
  ["no header", text(REQUEST), 'run.jsonl:1: expected the header {"type":"cassette","version":1,…}'],
  ["another version", text({ ...HEADER, version: 2 } as unknown as CassetteLine), "run.jsonl:1: expected version 1"],
  ["a line that was cut", `${text(HEADER)}{"type":"requ`, 'run.jsonl:2: expected one JSON object, found {"type":"requ'],
  ["an unknown type", text(HEADER, '{"type":"song"}'), 'run.jsonl:2: expected a line of a known type, found type "song"'],
  ["requests out of order", text(HEADER, { ...REQUEST, n: 2 } as CassetteLine), "run.jsonl:2: expected request 1"],
  ["an answer to nothing", text(HEADER, HEAD), "run.jsonl:2: expected request 1 before an answer"],
  [
    "an answer to another request",
    text(HEADER, REQUEST, { ...HEAD, n: 2 } as CassetteLine),
    "run.jsonl:3: expected the answer to request 1, found that to request 2",
  ],
  ["a second header", text(HEADER, HEADER), "run.jsonl:2: expected one header only"],
  ["an event before the head", text(HEADER, REQUEST, EVENT), "run.jsonl:3: expected a response_head for request 1"],
  ["a request inside an answer", text(HEADER, REQUEST, REQUEST), "run.jsonl:3: expected the end of the answer to request 1"],
  ["a line after the end", text(HEADER, END, TOOL), 'run.jsonl:3: expected nothing after the line of type "end"'],
  [
    "an answer without its end",
    text(HEADER, REQUEST, HEAD),
    "run.jsonl:4: expected the rest of the answer to request 1, found the end of the file",
  ],
  ["no end", text(HEADER, TOOL), 'run.jsonl:3: expected a line of type "end", found the end of the file'],
])("a file with %s is refused with the place and what was expected", (_, content, message) => {
  expect(failureOf(content)).toBe(message);
});

test("a member of the wrong kind is refused with its place in the line", () => {
  expect(failureOf(text(HEADER, '{"type":"tool_result","at_ms":1,"call_id":7,"output":"","events":[]}'))).toMatch(
    /^run\.jsonl:2: in a line of type "tool_result", \/call_id: /,
  );
});
