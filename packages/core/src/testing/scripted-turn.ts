/**
 * What a scripted model answers. An item by itself is an answer with that one item. The script model and the fake server
 * take the same turns, so a test can move from one to the other.
 */
export type ScriptedTurn =
  | ScriptedItem
  | ScriptedAnswer
  | ScriptedRefusal
  | ScriptedFailure
  | ScriptedIncomplete
  | ScriptedCut
  | ScriptedStall
  | ScriptedRaw
  | ScriptedUnreachable;

export type ScriptedItem =
  | {
      readonly type: "text";
      readonly text: string;
      /** How the text is cut into deltas; default: pieces of 24 characters. */
      readonly deltas?: readonly string[] | undefined;
    }
  | { readonly type: "reasoning"; readonly parts: readonly string[]; readonly encrypted?: string | undefined }
  | { readonly type: "function_call"; readonly name: string; readonly arguments: string; readonly callId?: string | undefined }
  | { readonly type: "custom_tool_call"; readonly name: string; readonly input: string; readonly callId?: string | undefined }
  /** Sent as it is, with `response.output_item.done` (Responses only). */
  | { readonly type: "raw_item"; readonly item: unknown };

/** How the bytes of an answer travel; everything is optional. */
export interface Delivery {
  /** Wait before the answer's first byte, ms. */
  readonly delayMs?: number | undefined;
  /** Wait between writes, ms. */
  readonly deltaDelayMs?: number | undefined;
  /** Events per write; default: all in one. */
  readonly eventsPerWrite?: number | undefined;
  /** Writes of this many bytes, wherever that tears an event, a line end or a character. */
  readonly tearEvery?: number | undefined;
  /** Put before every event: comments, events of unknown types, data that is not JSON. */
  readonly garbage?: boolean | undefined;
  /** Line ends of the stream; default "\n". */
  readonly lineEnd?: "\n" | "\r\n" | undefined;
}

export interface ScriptedUsage {
  readonly input: number;
  readonly output: number;
  readonly cached?: number | undefined;
  readonly reasoning?: number | undefined;
}

export interface ScriptedAnswer extends Delivery {
  readonly type: "answer";
  readonly items: readonly ScriptedItem[];
  readonly usage?: ScriptedUsage | undefined;
}

/** A status that is not success, with the provider's usual error body. */
export interface ScriptedRefusal extends Delivery {
  readonly type: "refusal";
  readonly status: number;
  readonly message?: string | undefined;
  readonly code?: string | undefined;
  readonly errorType?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Replaces the usual body. */
  readonly body?: string | undefined;
}

/** An answer that begins and then reports a failure (`response.failed`; in the chat format an error chunk). */
export interface ScriptedFailure extends Delivery {
  readonly type: "failure";
  readonly code: string;
  readonly message: string;
  /** Sent whole before the failure. */
  readonly items?: readonly ScriptedItem[] | undefined;
}

/** An answer the provider ends early. */
export interface ScriptedIncomplete extends Delivery {
  readonly type: "incomplete";
  readonly reason: string;
  readonly items?: readonly ScriptedItem[] | undefined;
}

/** An answer that stops before it is complete. */
export interface ScriptedCut extends Delivery {
  readonly type: "cut";
  /** Sent whole before the cut. */
  readonly items?: readonly ScriptedItem[] | undefined;
  /** Sent as deltas only, never finished. */
  readonly text?: string | undefined;
  /** True: the body ends in an orderly way; false: the connection breaks. */
  readonly clean: boolean;
}

/** Silence, until the client goes away. */
export interface ScriptedStall extends Delivery {
  readonly type: "stall";
  /** Whether status and headers are sent first. */
  readonly headers: boolean;
  /** Sent as deltas before the silence; needs `headers`. */
  readonly text?: string | undefined;
}

/** These bytes, as the whole body. */
export interface ScriptedRaw extends Delivery {
  readonly type: "raw";
  readonly body: string;
  readonly status?: number | undefined;
  readonly contentType?: string | undefined;
}

/** No connection. The fake server drops it before it answers. */
export interface ScriptedUnreachable {
  readonly type: "unreachable";
}

/** The model says `text`. */
export function say(text: string, options: { readonly deltas?: readonly string[] } = {}): ScriptedItem {
  return { type: "text", text, ...options };
}

/** The model calls a function tool; `args` is sent as JSON, a string as it is. */
export function call(name: string, args: unknown, callId?: string): ScriptedItem {
  return { type: "function_call", name, arguments: typeof args === "string" ? args : JSON.stringify(args), callId };
}

/** The model calls a tool that takes free text. */
export function customCall(name: string, input: string, callId?: string): ScriptedItem {
  return { type: "custom_tool_call", name, input, callId };
}

/** The model shows its reasoning's summary, one string per part. */
export function think(...parts: readonly string[]): ScriptedItem {
  return { type: "reasoning", parts };
}

/** Several items in one answer. */
export function answer(items: readonly ScriptedItem[], options: Delivery & { readonly usage?: ScriptedUsage } = {}): ScriptedAnswer {
  return { type: "answer", items, ...options };
}

/** The provider refuses with a status. */
export function refuse(
  status: number,
  message?: string,
  options: Omit<ScriptedRefusal, "type" | "status" | "message"> = {},
): ScriptedRefusal {
  return { type: "refusal", status, message, ...options };
}

/** The answer begins and fails. */
export function fail(code: string, message: string, items: readonly ScriptedItem[] = []): ScriptedFailure {
  return { type: "failure", code, message, items };
}

/** The answer is ended early; `reason` is e.g. `max_output_tokens`. */
export function endEarly(reason: string, items: readonly ScriptedItem[] = []): ScriptedIncomplete {
  return { type: "incomplete", reason, items };
}

/** The answer stops after `text`; the connection breaks unless `clean`. */
export function cut(text: string, options: { readonly clean?: boolean; readonly items?: readonly ScriptedItem[] } = {}): ScriptedCut {
  return { type: "cut", text, clean: options.clean ?? false, items: options.items };
}

/** Nothing comes any more: after `text`, after the headers, or not even these. */
export function stall(options: { readonly headers?: boolean; readonly text?: string } = {}): ScriptedStall {
  return { type: "stall", headers: options.headers ?? true, text: options.text };
}

/** The same turn `count` times. */
export function times(count: number, turn: ScriptedTurn): readonly ScriptedTurn[] {
  return Array.from({ length: count }, () => turn);
}
