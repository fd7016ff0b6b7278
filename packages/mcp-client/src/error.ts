/**
 * spawn: the server did not start. timeout: no answer in time. closed: the connection ended. rpc: the server answered with an error.
 * protocol: what came does not follow the protocol. cancelled: the caller gave up. http: the server refused by status. auth: it wants
 * credentials that are missing or no longer taken.
 */
export type McpErrorKind = "spawn" | "timeout" | "closed" | "rpc" | "protocol" | "cancelled" | "http" | "auth";

interface McpErrorDetails {
  /** The code of a JSON-RPC error, or the status of an HTTP answer. */
  readonly code?: number | undefined;
  readonly data?: unknown;
  /** What the user can do about it. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** Every failure of this package. The message names the server. */
export class McpError extends Error {
  override readonly name = "McpError";
  readonly kind: McpErrorKind;
  readonly code: number | undefined;
  readonly data: unknown;
  readonly hint: string | undefined;

  constructor(kind: McpErrorKind, message: string, details: McpErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.kind = kind;
    this.code = details.code;
    this.data = details.data;
    this.hint = details.hint;
  }
}

export function messageOf(error: unknown): string {
  // Connecting by name may fail once per address; the first failure says what the others do.
  const cause: unknown = error instanceof AggregateError && error.message === "" ? error.errors[0] : error;
  return cause instanceof Error ? cause.message : String(cause);
}
