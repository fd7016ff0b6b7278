import type { ElicitRequestParams, ElicitResult } from "@codex/mcp-types";
import type { ApprovalAnswer } from "../host/approval.ts";
import type { McpConnectRequest } from "../host/mcp.ts";
import type { EventOf } from "../protocol/event.ts";

/** Asks the user; `denied` at once when nobody can answer or no task runs. */
export type AskUser = (request: Omit<EventOf<"elicitation_request">, "call_id">, signal: AbortSignal) => Promise<ApprovalAnswer>;

/** A form that is longer is for no person. Characters of JSON. */
const MAX_QUESTION = 256 * 1024;

/** Hands what the server asks to the user. Rejects a question that is too long to be shown: the server is told. */
export function elicitation(server: string, ask: AskUser): McpConnectRequest["elicit"] {
  return async (params, { signal }) => {
    const { length } = JSON.stringify(params);
    if (length > MAX_QUESTION)
      throw new Error(`the question has ${String(length)} characters, more than the ${String(MAX_QUESTION)} that are shown`);
    return resultOf(await ask(requestOf(server, params), signal), params);
  };
}

function requestOf(server: string, params: ElicitRequestParams): Omit<EventOf<"elicitation_request">, "call_id"> {
  const request = { type: "elicitation_request", server, message: params.message } as const;
  return params.mode === "url" ? { ...request, url: params.url } : { ...request, requested_schema: params.requestedSchema };
}

function resultOf({ decision, content }: ApprovalAnswer, params: ElicitRequestParams): ElicitResult {
  if (decision === "denied") return { action: "decline" };
  if (decision === "abort") return { action: "cancel" };
  if (params.mode === "url") return { action: "accept" };
  return { action: "accept", content: (content ?? {}) as NonNullable<ElicitResult["content"]> };
}
