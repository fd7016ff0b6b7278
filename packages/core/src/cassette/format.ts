import * as z from "zod/mini";
import { describeFileError } from "../config/paths.ts";
import type { FileSystem } from "../host/host.ts";
import { GRANT } from "../protocol/grant.ts";
import { CodexError, type CodexErrorOptions } from "../protocol/error-code.ts";
import { REVIEW_DECISION } from "../protocol/op.ts";

/**
 * A cassette: one recorded session as JSON lines, in the order things completed. `n` numbers the requests from 1; `at_ms`
 * counts from the sending of the request (of the session for `tool_result`, `approval` and `end`). Strings are canonical:
 * see canonical.ts. A request leaves out what equals the request before it (`same`).
 */
const HEADER_LINE = z.object({
  type: z.literal("cassette"),
  version: z.literal(1),
  /** RFC 3339, UTC. A full replay's clock starts there. */
  started_at: z.string(),
});

const REQUEST_LINE = z.object({
  type: z.literal("request"),
  n: z.number(),
  /** Since the session began. */
  at_ms: z.number(),
  method: z.enum(["GET", "POST"]),
  /** Path and query of the URL; the host is left out. */
  path: z.string(),
  body: z.unknown(),
  same: z.optional(
    z.object({
      /** Members of the body that are those of the request before. */
      keys: z.array(z.string()),
      /** Leading elements of `input` (or `messages`) that are those of the request before. */
      items: z.number(),
    }),
  ),
});

const RESPONSE_HEAD_LINE = z.object({
  type: z.literal("response_head"),
  n: z.number(),
  at_ms: z.number(),
  status: z.number(),
  headers: z.record(z.string(), z.string()),
});

/** One block of an event stream: parsed (`data`, with `event` when the block named one), or as it came (`text`). */
const RESPONSE_EVENT_LINE = z.object({
  type: z.literal("response_event"),
  n: z.number(),
  at_ms: z.number(),
  event: z.optional(z.string()),
  data: z.optional(z.unknown()),
  text: z.optional(z.string()),
  /** The stream ended inside this block. */
  torn: z.optional(z.literal(true)),
});

/** An answer that is not an event stream: parsed when it is JSON, else `text`. */
const RESPONSE_BODY_LINE = z.object({
  type: z.literal("response_body"),
  n: z.number(),
  at_ms: z.number(),
  body: z.optional(z.unknown()),
  text: z.optional(z.string()),
});

const TRANSPORT_END = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ended") }),
  z.object({ type: z.literal("aborted") }),
  z.object({ type: z.literal("failed"), kind: z.enum(["unreachable", "cut", "replay_mismatch"]), code: z.string(), message: z.string() }),
]);

const RESPONSE_END_LINE = z.object({ type: z.literal("response_end"), n: z.number(), at_ms: z.number(), end: TRANSPORT_END });

const TOOL_RESULT_LINE = z.object({
  type: z.literal("tool_result"),
  at_ms: z.number(),
  call_id: z.string(),
  output: z.unknown(),
  events: z.array(z.unknown()),
});

/** What MCP servers offered to one turn. Only in sessions that have servers. */
const MCP_OFFER_LINE = z.object({
  type: z.literal("mcp_offer"),
  at_ms: z.number(),
  servers: z.array(z.unknown()),
  events: z.array(z.unknown()),
});

const APPROVAL_LINE = z.object({
  type: z.literal("approval"),
  at_ms: z.number(),
  call_id: z.string(),
  decision: REVIEW_DECISION,
  reason: z.optional(z.string()),
  grants: z.optional(z.array(GRANT)),
  unconfined: z.optional(z.boolean()),
});

const END_LINE = z.object({ type: z.literal("end"), at_ms: z.number(), outcome: z.string() });

const CASSETTE_LINE = z.discriminatedUnion("type", [
  HEADER_LINE,
  REQUEST_LINE,
  RESPONSE_HEAD_LINE,
  RESPONSE_EVENT_LINE,
  RESPONSE_BODY_LINE,
  RESPONSE_END_LINE,
  TOOL_RESULT_LINE,
  MCP_OFFER_LINE,
  APPROVAL_LINE,
  END_LINE,
]);

export type CassetteLine = z.infer<typeof CASSETTE_LINE>;
export type CassetteHeader = z.infer<typeof HEADER_LINE>;
export type RecordedHead = z.infer<typeof RESPONSE_HEAD_LINE>;
export type RecordedChunk = z.infer<typeof RESPONSE_EVENT_LINE> | z.infer<typeof RESPONSE_BODY_LINE>;
export type RecordedEnd = z.infer<typeof RESPONSE_END_LINE>;
export type RecordedTool = z.infer<typeof TOOL_RESULT_LINE>;
export type RecordedOffer = z.infer<typeof MCP_OFFER_LINE>;
export type RecordedApproval = z.infer<typeof APPROVAL_LINE>;

export interface RecordedRequest {
  readonly method: "GET" | "POST";
  readonly path: string;
  /** Whole: what the line left out is filled in. */
  readonly body: unknown;
}

/** One request and its answer. `head` is undefined when no answer came. */
export interface RecordedExchange {
  readonly n: number;
  readonly request: RecordedRequest;
  readonly head: RecordedHead | undefined;
  readonly chunks: readonly RecordedChunk[];
  readonly end: RecordedEnd;
}

export interface Cassette {
  /** As the caller named it; for messages. */
  readonly file: string;
  readonly header: CassetteHeader;
  readonly exchanges: readonly RecordedExchange[];
  readonly tools: readonly RecordedTool[];
  readonly mcpOffers: readonly RecordedOffer[];
  readonly approvals: readonly RecordedApproval[];
  readonly outcome: string;
}

/** Reads a cassette file. Throws CodexError `cassette_invalid` when it is missing, cut off or malformed. */
export async function readCassette(fs: FileSystem, file: string): Promise<Cassette> {
  let bytes: Uint8Array;
  try {
    bytes = await fs.readFile(file);
  } catch (cause) {
    throw new CodexError("cassette_invalid", `the cassette ${file} ${describeFileError(cause)}`, { cause });
  }
  return parseCassette(new TextDecoder().decode(bytes), file);
}

const HEADER_WANTED = 'expected the header {"type":"cassette","version":1,…}';

/** Parses the text of a cassette. Throws CodexError `cassette_invalid` with `file:line` and what was expected there. */
export function parseCassette(text: string, file: string): Cassette {
  const lines = parseLines(text, file);
  const first = lines[0];
  if (first?.type !== "cassette") throw invalid({ file, line: 1 }, HEADER_WANTED);
  const builder = newBuilder();
  lines.forEach((line, index) => {
    const problem = index === 0 ? undefined : addLine(builder, line);
    if (problem !== undefined) throw invalid({ file, line: index + 1 }, problem);
  });
  if (builder.open !== undefined || builder.outcome === undefined) {
    const expected = builder.open === undefined ? `a line of type "end"` : `the rest of the answer to request ${String(builder.open.n)}`;
    throw invalid({ file, line: lines.length + 1 }, `expected ${expected}, found the end of the file`, {
      hint: "The recording was stopped before it was complete; record it again.",
    });
  }
  const { exchanges, tools, mcpOffers, approvals, outcome } = builder;
  return { file, header: first, exchanges, tools, mcpOffers, approvals, outcome };
}

/** Splits a request's body into what is new and what equals the request before it. */
export function compactBody(body: unknown, before: unknown): Pick<z.infer<typeof REQUEST_LINE>, "body" | "same"> {
  if (!isRecord(body) || !isRecord(before)) return { body };
  const keys: string[] = [];
  const rest: Record<string, unknown> = {};
  let items = 0;
  for (const [key, value] of Object.entries(body)) {
    const old = before[key];
    if (LIST_KEYS.has(key) && Array.isArray(value) && Array.isArray(old)) {
      items = equalPrefix(value, old);
      rest[key] = value.slice(items);
    } else if (key in before && JSON.stringify(value) === JSON.stringify(old)) keys.push(key);
    else rest[key] = value;
  }
  return keys.length === 0 && items === 0 ? { body } : { body: rest, same: { keys, items } };
}

const LIST_KEYS = new Set(["input", "messages"]);

function expandBody(line: z.infer<typeof REQUEST_LINE>, before: unknown): unknown {
  const { body, same } = line;
  if (same === undefined || !isRecord(body)) return body;
  const old = isRecord(before) ? before : {};
  const whole: Record<string, unknown> = Object.fromEntries(same.keys.map((key) => [key, old[key]]));
  for (const [key, value] of Object.entries(body)) {
    const list = old[key];
    whole[key] = LIST_KEYS.has(key) && Array.isArray(value) && Array.isArray(list) ? [...list.slice(0, same.items), ...value] : value;
  }
  return whole;
}

function equalPrefix(now: readonly unknown[], before: readonly unknown[]): number {
  let count = 0;
  while (count < now.length && count < before.length && JSON.stringify(now[count]) === JSON.stringify(before[count])) count++;
  return count;
}

function parseLines(text: string, file: string): CassetteLine[] {
  const rows = text.split("\n");
  if (rows.at(-1) === "") rows.pop();
  return rows.map((row, index) => {
    let value: unknown;
    try {
      value = JSON.parse(row);
    } catch (cause) {
      const wanted = index === 0 ? HEADER_WANTED : "expected one JSON object";
      throw invalid({ file, line: index + 1 }, `${wanted}, found ${excerpt(row)}`, { cause });
    }
    const parsed = CASSETTE_LINE.safeParse(value);
    if (parsed.success) return parsed.data;
    throw invalid({ file, line: index + 1 }, describeIssue(value, parsed.error));
  });
}

function describeIssue(value: unknown, error: z.core.$ZodError): string {
  const issue = error.issues[0];
  const type = isRecord(value) ? value["type"] : undefined;
  if (type === "cassette" && issue?.path[0] === "version") return "expected version 1";
  if (issue === undefined || issue.code === "invalid_union")
    return `expected a line of a known type, found type ${excerpt(JSON.stringify(type) ?? "nothing")}`;
  return `in a line of type ${JSON.stringify(type)}, /${issue.path.map(String).join("/")}: ${issue.message === "" ? issue.code : issue.message}`;
}

interface OpenExchange {
  readonly n: number;
  readonly request: RecordedRequest;
  head: RecordedHead | undefined;
  readonly chunks: RecordedChunk[];
}

interface Builder {
  readonly exchanges: RecordedExchange[];
  readonly tools: RecordedTool[];
  readonly mcpOffers: RecordedOffer[];
  readonly approvals: RecordedApproval[];
  open: OpenExchange | undefined;
  lastBody: unknown;
  outcome: string | undefined;
}

function newBuilder(): Builder {
  return { exchanges: [], tools: [], mcpOffers: [], approvals: [], open: undefined, lastBody: undefined, outcome: undefined };
}

/** Takes one line after the header; returns what was expected instead when it does not fit there. */
function addLine(builder: Builder, line: CassetteLine): string | undefined {
  if (builder.outcome !== undefined) return `expected nothing after the line of type "end"`;
  switch (line.type) {
    case "cassette":
      return "expected one header only";
    case "request": {
      const expected = builder.exchanges.length + 1;
      if (builder.open !== undefined || line.n !== expected)
        return `expected ${builder.open === undefined ? `request ${String(expected)}` : `the end of the answer to request ${String(builder.open.n)}`}`;
      builder.lastBody = expandBody(line, builder.lastBody);
      builder.open = { n: line.n, request: { method: line.method, path: line.path, body: builder.lastBody }, head: undefined, chunks: [] };
      return undefined;
    }
    case "response_head":
    case "response_event":
    case "response_body":
    case "response_end":
      return addAnswerLine(builder, line);
    case "tool_result":
      builder.tools.push(line);
      return undefined;
    case "mcp_offer":
      builder.mcpOffers.push(line);
      return undefined;
    case "approval":
      builder.approvals.push(line);
      return undefined;
    case "end":
      builder.outcome = line.outcome;
      return undefined;
  }
}

function addAnswerLine(builder: Builder, line: RecordedHead | RecordedChunk | RecordedEnd): string | undefined {
  const open = builder.open;
  if (open === undefined) return `expected request ${String(builder.exchanges.length + 1)} before an answer`;
  if (open.n !== line.n) return `expected the answer to request ${String(open.n)}, found that to request ${String(line.n)}`;
  if (line.type === "response_head") {
    if (open.head !== undefined) return `expected one response_head for request ${String(line.n)}`;
    open.head = line;
  } else if (line.type === "response_end") {
    builder.exchanges.push({ ...open, end: line });
    builder.open = undefined;
  } else if (open.head === undefined) return `expected a response_head for request ${String(line.n)}`;
  else open.chunks.push(line);
  return undefined;
}

function invalid(place: { readonly file: string; readonly line: number }, problem: string, options: CodexErrorOptions = {}): CodexError {
  return new CodexError("cassette_invalid", `${place.file}:${String(place.line)}: ${problem}`, options);
}

function excerpt(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 57)}…`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
