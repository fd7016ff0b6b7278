import { describeFault, type Check } from "./checks.ts";
import { INVALID_PARAMS, METHOD_NOT_FOUND } from "./constants.ts";
import { CLIENT_NOTIFICATIONS, CLIENT_REQUESTS, SERVER_NOTIFICATIONS, SERVER_REQUESTS } from "./generated/methods.ts";
import type {
  ClientNotification,
  ClientRequest,
  JSONRPCNotification,
  JSONRPCRequest,
  ServerNotification,
  ServerRequest,
} from "./generated/types.ts";

export type Narrowed<T> =
  | { readonly ok: true; readonly message: T }
  | { readonly ok: false; readonly code: typeof METHOD_NOT_FOUND | typeof INVALID_PARAMS; readonly reason: string };

interface MethodRow {
  readonly params?: Check;
  readonly needsParams: boolean;
}

/** The message as one a client may send: its method is known and its params fit. */
export function toClientRequest(message: JSONRPCRequest): Narrowed<ClientRequest> {
  return narrowed(message, CLIENT_REQUESTS);
}

export function toServerRequest(message: JSONRPCRequest): Narrowed<ServerRequest> {
  return narrowed(message, SERVER_REQUESTS);
}

export function toClientNotification(message: JSONRPCNotification): Narrowed<ClientNotification> {
  return narrowed(message, CLIENT_NOTIFICATIONS);
}

export function toServerNotification(message: JSONRPCNotification): Narrowed<ServerNotification> {
  return narrowed(message, SERVER_NOTIFICATIONS);
}

function narrowed<T>(message: JSONRPCRequest | JSONRPCNotification, table: Readonly<Record<string, MethodRow>>): Narrowed<T> {
  const { method, params } = message;
  // A method may be called like something that every object has.
  const row = Object.hasOwn(table, method) ? table[method] : undefined;
  if (row === undefined) return { ok: false, code: METHOD_NOT_FOUND, reason: `method not found: ${method}` };
  if (params === undefined && !row.needsParams) return { ok: true, message: message as T };
  const fault = row.params?.(params);
  if (fault === undefined) return { ok: true, message: message as T };
  return { ok: false, code: INVALID_PARAMS, reason: `params of ${method}: ${describeFault(fault)}` };
}
