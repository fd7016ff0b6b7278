import { isObject } from "./checks.ts";
import { INVALID_REQUEST, JSONRPC_VERSION, PARSE_ERROR } from "./constants.ts";
import { isDeeper } from "./depth.ts";
import { NULLABLE_KEYS } from "./generated/methods.ts";
import type { JSONRPCErrorResponse, JSONRPCNotification, JSONRPCRequest, JSONRPCResultResponse, RequestId } from "./generated/types.ts";

/** A message without its `jsonrpc`, which {@link encodeMessage} adds. */
export type OutgoingMessage =
  | { readonly id: RequestId; readonly method: string; readonly params?: object | undefined }
  | { readonly method: string; readonly params?: object | undefined }
  | { readonly id: RequestId; readonly result: object }
  | {
      readonly id?: RequestId | null | undefined;
      readonly error: { readonly code: number; readonly message: string; readonly data?: unknown };
    };

export type ParsedMessage =
  | { readonly type: "request"; readonly message: JSONRPCRequest }
  | { readonly type: "notification"; readonly message: JSONRPCNotification }
  | { readonly type: "result"; readonly message: JSONRPCResultResponse }
  | { readonly type: "error"; readonly message: JSONRPCErrorResponse }
  | InvalidMessage;

export interface InvalidMessage {
  readonly type: "invalid";
  readonly code: typeof PARSE_ERROR | typeof INVALID_REQUEST;
  readonly reason: string;
  /** The id it carried, when that could be read. */
  readonly id: RequestId | null;
  /** Whether it was meant as an answer; nobody answers an answer. */
  readonly isAnswer: boolean;
}

export interface ParsedBatch {
  readonly type: "batch";
  readonly items: readonly ParsedMessage[];
}

/**
 * One line of JSON that ends in a newline. Absent values are left out, also those that are null: in `params` and `result` a null stays
 * only under a key for which the schema has it.
 */
export function encodeMessage(message: OutgoingMessage): string {
  return `${JSON.stringify(outgoing(message))}\n`;
}

/** Several messages as one list, for the protocol version that has them. */
export function encodeBatch(messages: readonly OutgoingMessage[]): string {
  return `${JSON.stringify(messages.map(outgoing))}\n`;
}

/** Reads one message. Unknown keys stay. A list is a fault unless `batches`. */
export function parseMessage(text: string, options: { readonly batches: true }): ParsedMessage | ParsedBatch;
export function parseMessage(text: string, options?: { readonly batches?: boolean }): ParsedMessage;
export function parseMessage(text: string, options: { readonly batches?: boolean } = {}): ParsedMessage | ParsedBatch {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { type: "invalid", code: PARSE_ERROR, reason: `not JSON: ${messageOf(error)}`, id: null, isAnswer: false };
  }
  if (isDeeper(text, MAX_DEPTH)) return fault(value, `it is nested to more than ${String(MAX_DEPTH)} levels`);
  if (!Array.isArray(value)) return classified(value);
  if (options.batches !== true) return invalid("a list of messages is not part of this protocol version");
  return value.length === 0 ? invalid("the list of messages is empty") : { type: "batch", items: value.map(classified) };
}

/** Real messages have a few levels. What walks a value by calling itself, as `JSON.stringify` does, ends the stack at some thousands. */
const MAX_DEPTH = 500;

/** Built anew and not copied with a key added, which costs several times as much. */
function outgoing(message: OutgoingMessage): object {
  const id = "id" in message ? message.id : undefined;
  if ("method" in message) return { jsonrpc: JSONRPC_VERSION, id, method: message.method, params: withoutNull(message.params) };
  if ("result" in message) return { jsonrpc: JSONRPC_VERSION, id, result: withoutNull(message.result) };
  // The one null of JSON-RPC: the id of an error about a message whose own could not be read.
  return { jsonrpc: JSONRPC_VERSION, id, error: withoutNull(message.error) };
}

function withoutNull(object: object | null | undefined): object | undefined {
  if (object === undefined || object === null) return undefined;
  const values = object as Readonly<Record<string, unknown>>;
  for (const key in values)
    if (values[key] === null && isAbsent(key, null))
      return Object.fromEntries(Object.entries(values).filter((entry) => !isAbsent(...entry)));
  return object;
}

function isAbsent(key: string, value: unknown): boolean {
  return value === null && !NULLABLE_KEYS.has(key);
}

function classified(value: unknown): ParsedMessage {
  if (!isObject(value)) return invalid("a message is an object");
  if (value["jsonrpc"] !== JSONRPC_VERSION) return fault(value, `\`jsonrpc\` is not "${JSONRPC_VERSION}"`);
  if (isAnswer(value)) return answer(value);
  if (typeof value["method"] !== "string") return fault(value, "neither `method`, `result` nor `error`");
  const message = withParams(value);
  if (message === undefined) return fault(value, "`params` is not an object");
  if (isRequestId(value["id"])) return { type: "request", message: message as unknown as JSONRPCRequest };
  return "id" in value
    ? fault(value, "`id` is neither a string nor a number")
    : { type: "notification", message: message as unknown as JSONRPCNotification };
}

function fault(value: unknown, reason: string): InvalidMessage {
  return invalid(reason, aboutOf(value));
}

/** What can be said of it whatever is wrong with it. */
function aboutOf(value: unknown): Pick<InvalidMessage, "id" | "isAnswer"> {
  if (!isObject(value)) return { id: null, isAnswer: false };
  const { id } = value;
  return { id: isRequestId(id) ? id : null, isAnswer: isAnswer(value) };
}

function isAnswer(value: Readonly<Record<string, unknown>>): boolean {
  return value["method"] === undefined && ("result" in value || "error" in value);
}

function answer(value: Readonly<Record<string, unknown>>): ParsedMessage {
  const { id, error, result } = value;
  // Some peers write both keys and null into the one that does not apply.
  if (error === undefined || error === null) {
    if (!isRequestId(id)) return fault(value, "an answer without an id");
    return isObject(result)
      ? { type: "result", message: value as unknown as JSONRPCResultResponse }
      : fault(value, "`result` is not an object");
  }
  if (!isObject(error) || typeof error["code"] !== "number" || typeof error["message"] !== "string")
    return fault(value, "`error` has no code and message");
  if (id !== undefined && id !== null && !isRequestId(id)) return fault(value, "`id` is neither a string nor a number");
  return { type: "error", message: value as unknown as JSONRPCErrorResponse };
}

/** The message without params that are null; undefined when they are of a wrong kind. */
function withParams(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> | undefined {
  const { params, ...rest } = value;
  if (params === undefined || isObject(params)) return value;
  return params === null ? rest : undefined;
}

function isRequestId(id: unknown): id is RequestId {
  return typeof id === "string" || typeof id === "number";
}

function invalid(reason: string, about = aboutOf(undefined)): InvalidMessage {
  return { type: "invalid", code: INVALID_REQUEST, reason, ...about };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 120) : String(error);
}
