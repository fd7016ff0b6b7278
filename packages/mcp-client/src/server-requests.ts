import {
  INTERNAL_ERROR,
  METHOD_NOT_FOUND,
  toServerRequest,
  type JSONRPCRequest,
  type OutgoingMessage,
  type RequestId,
  type ServerRequests,
} from "@codex/mcp-types";
import { messageOf } from "./error.ts";

export type ServerRequestHandler<M extends keyof ServerRequests> = (
  params: ServerRequests[M]["params"],
  context: { readonly signal: AbortSignal },
) => ServerRequests[M]["result"] | Promise<ServerRequests[M]["result"]>;

type Handler = (params: unknown, context: { readonly signal: AbortSignal }) => unknown;

/** A server that asks without end must not fill the memory. */
const MAX_OPEN = 256;

/** Answers what the server asks. Every request gets one answer, unless the server takes it back or the connection ends. */
export class ServerRequestDesk {
  readonly #handlers = new Map<string, Handler>([["ping", () => ({})]]);
  readonly #open = new Map<RequestId, AbortController>();
  readonly #onRepeated: (id: RequestId) => void;

  /** `onRepeated` is told of an id that comes again while its request is open: what it asks is passed over. */
  constructor(onRepeated: (id: RequestId) => void) {
    this.#onRepeated = onRepeated;
  }

  handle<M extends keyof ServerRequests>(method: M, handler: ServerRequestHandler<M>): void {
    this.#handlers.set(method, handler as Handler);
  }

  /** The answer, or undefined when none is wanted any more. Never rejects. */
  async answer(request: JSONRPCRequest): Promise<OutgoingMessage | undefined> {
    const { id, method } = request;
    // Any answer, a refusal too, would be taken for that of the request that is open.
    if (this.#open.has(id)) {
      this.#onRepeated(id);
      return undefined;
    }
    const narrowed = toServerRequest(request);
    const handler = this.#handlers.get(method);
    if (handler === undefined) return failure(id, METHOD_NOT_FOUND, `method not found: ${method}`);
    if (!narrowed.ok) return failure(id, narrowed.code, narrowed.reason);
    if (this.#open.size >= MAX_OPEN) return failure(id, INTERNAL_ERROR, "too many requests are open");
    const controller = new AbortController();
    this.#open.set(id, controller);
    try {
      const result = (await handler(narrowed.message.params, { signal: controller.signal })) as object;
      return controller.signal.aborted ? undefined : { id, result };
    } catch (error) {
      return controller.signal.aborted ? undefined : failure(id, INTERNAL_ERROR, messageOf(error));
    } finally {
      this.#open.delete(id);
    }
  }

  cancel(id: RequestId): void {
    this.#open.get(id)?.abort();
  }

  cancelAll(): void {
    for (const controller of this.#open.values()) controller.abort();
  }
}

function failure(id: RequestId, code: number, message: string): OutgoingMessage {
  return { id, error: { code, message } };
}
