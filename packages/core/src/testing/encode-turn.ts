import { encodeChatEvents } from "./encode-chat.ts";
import { encodeResponsesEvents } from "./encode-responses.ts";
import type { EventPlan, TurnContext } from "./event-plan.ts";
import type { Delivery, ScriptedTurn, ScriptedUsage } from "./scripted-turn.ts";

/** What goes over the wire for one turn. */
export interface EncodedTurn {
  /** Undefined: nothing is answered at all. */
  readonly head: { readonly status: number; readonly headers: Readonly<Record<string, string>> } | undefined;
  readonly writes: readonly Uint8Array[];
  readonly end: "clean" | "destroy" | "stall";
  readonly delivery: Delivery;
}

const STREAM_HEADERS = { "content-type": "text/event-stream; charset=utf-8" };
const DEFAULT_USAGE: ScriptedUsage = { input: 100, output: 10 };

/** The bytes of `turn` in the wire format that the request's address asks for. */
export function encodeTurn(turn: ScriptedTurn, context: TurnContext): EncodedTurn {
  switch (turn.type) {
    case "refusal": {
      const message = turn.message ?? `scripted refusal ${turn.status}`;
      const body =
        turn.body ??
        JSON.stringify({ error: { message, type: turn.errorType ?? "invalid_request_error", param: null, code: turn.code ?? null } });
      const head = { status: turn.status, headers: { "content-type": "application/json", ...turn.headers } };
      return { head, writes: [Buffer.from(body)], end: "clean", delivery: turn };
    }
    case "raw": {
      const headers = { "content-type": turn.contentType ?? STREAM_HEADERS["content-type"] };
      return { head: { status: turn.status ?? 200, headers }, writes: inWrites([turn.body], turn), end: "clean", delivery: turn };
    }
    case "unreachable":
      return { head: undefined, writes: [], end: "destroy", delivery: {} };
    case "stall":
      if (!turn.headers) return { head: undefined, writes: [], end: "stall", delivery: turn };
      return stream(
        { items: [], unfinishedText: turn.text, usage: DEFAULT_USAGE, ending: { type: "none" } },
        { context, delivery: turn, end: "stall" },
      );
    case "cut": {
      const plan: EventPlan = { items: turn.items ?? [], unfinishedText: turn.text, usage: DEFAULT_USAGE, ending: { type: "none" } };
      return stream(plan, { context, delivery: turn, end: turn.clean ? "clean" : "destroy" });
    }
    case "failure": {
      const plan: EventPlan = {
        items: turn.items ?? [],
        usage: DEFAULT_USAGE,
        ending: { type: "failed", code: turn.code, message: turn.message },
      };
      return stream(plan, { context, delivery: turn, end: "clean" });
    }
    case "incomplete": {
      const plan: EventPlan = { items: turn.items ?? [], usage: DEFAULT_USAGE, ending: { type: "incomplete", reason: turn.reason } };
      return stream(plan, { context, delivery: turn, end: "clean" });
    }
    case "answer": {
      const plan: EventPlan = { items: turn.items, usage: turn.usage ?? DEFAULT_USAGE, ending: { type: "completed" } };
      return stream(plan, { context, delivery: turn, end: "clean" });
    }
    default:
      return stream({ items: [turn], usage: DEFAULT_USAGE, ending: { type: "completed" } }, { context, delivery: {}, end: "clean" });
  }
}

interface StreamOptions {
  readonly context: TurnContext;
  readonly delivery: Delivery;
  readonly end: EncodedTurn["end"];
}

function stream(plan: EventPlan, { context, delivery, end }: StreamOptions): EncodedTurn {
  const events = context.wire === "chat" ? encodeChatEvents(plan, context) : encodeResponsesEvents(plan, context);
  return { head: { status: 200, headers: STREAM_HEADERS }, writes: inWrites(events, delivery), end, delivery };
}

const GARBAGE = [
  ": a comment\n\n",
  'event: keepalive\ndata: {"type":"some.new.event","delta":"not shown"}\n\n',
  "data: {torn json\n\n",
  "id: 7\nretry: 10\n\n",
  "data: 42\n\n",
  "data\n\n",
];

function inWrites(events: readonly string[], delivery: Delivery): Uint8Array[] {
  const littered = delivery.garbage === true ? events.flatMap((event, index) => [GARBAGE[index % GARBAGE.length] ?? "", event]) : events;
  const size = delivery.eventsPerWrite ?? littered.length;
  const writes: string[] = [];
  for (let at = 0; at < littered.length; at += size) writes.push(littered.slice(at, at + size).join(""));
  const ended = delivery.lineEnd === "\r\n" ? writes.map((text) => text.replaceAll("\n", "\r\n")) : writes;
  if (delivery.tearEvery === undefined) return ended.map((text) => Buffer.from(text));
  return tear(Buffer.from(ended.join("")), delivery.tearEvery);
}

function tear(bytes: Buffer, every: number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += every) pieces.push(bytes.subarray(at, at + every));
  return pieces;
}
