import {
  quoteCommand,
  type ApprovalAnswer,
  type ApprovalHandler,
  type ApprovalRequest,
  type EventMsg,
  type EventOf,
  type ReviewDecision,
} from "@codex/core";
import type { ElicitRequestFormParams, RequestId } from "@codex/mcp-types";
import type { HostAnswer } from "./host-requests.ts";
import type { HostPort } from "./tool-runner.ts";

/** Where a request for approval was shown. */
export interface RequestPlace {
  readonly threadId: string;
  /** The id of the event that told the host of it. */
  readonly eventId: string;
  /** The call of the tool it belongs to. */
  readonly callId: RequestId;
}

export interface Approver {
  /** Answers the session's requests by asking the host. */
  readonly approve: ApprovalHandler;
  /** To be told of every event once the host was: a question never comes before the event that it is about. */
  shown(msg: EventMsg, place: RequestPlace): void;
}

export function createApprover(host: HostPort, timeoutMs: number): Approver {
  const waiting = new Map<EventMsg, (place: RequestPlace) => void>();

  function placeOf(request: ApprovalRequest, signal: AbortSignal): Promise<RequestPlace | undefined> {
    return new Promise((resolve) => {
      const settle = (place?: RequestPlace): void => {
        waiting.delete(request);
        signal.removeEventListener("abort", stop);
        resolve(place);
      };
      const stop = (): void => settle();
      waiting.set(request, settle);
      signal.addEventListener("abort", stop, { once: true });
    });
  }

  return {
    approve: async (request, signal) => {
      if (!host.canElicit) return { decision: "denied", reason: CANNOT_ASK };
      const place = await placeOf(request, signal);
      if (place === undefined) return { decision: "denied" };
      const answer = await host.ask({ method: "elicitation/create", params: elicitation(request, place), timeoutMs, signal });
      return request.type === "elicitation_request" ? elicitedOf(answer) : approvalOf(answer, timeoutMs);
    },
    shown: (msg, place) => waiting.get(msg)?.(place),
  };
}

const CANNOT_ASK = "nobody can be asked: the MCP host that runs Codex does not support elicitation";

const DECISIONS = ["approved", "approved_for_session", "denied", "abort"] as const satisfies readonly ReviewDecision[];

type Place = Readonly<Record<`codex_${string}`, unknown>> & { readonly threadId?: string };
type ElicitationParams = ElicitRequestFormParams & Place;

/** The question for the user, and beside it all that a host needs to draw its own. */
function elicitation(request: ApprovalRequest, { threadId, eventId, callId }: RequestPlace): ElicitationParams {
  const place: Place = {
    threadId,
    codex_mcp_tool_call_id: String(callId),
    codex_event_id: eventId,
    codex_call_id: request.call_id,
  };
  if (request.type === "elicitation_request") return passedOn(request, place);
  return { ...approvalParams(request), ...place, ...(request.reason === undefined ? {} : { codex_reason: request.reason }) };
}

/** What a server of the agent asks, as it asks it. */
function passedOn({ server, message, requested_schema, url }: EventOf<"elicitation_request">, place: Place): ElicitationParams {
  const schema = requested_schema as ElicitRequestFormParams["requestedSchema"] | undefined;
  return {
    message: lines(`The MCP server ${server} asks:`, message, url),
    requestedSchema: schema ?? { type: "object", properties: {} },
    ...place,
    codex_elicitation: "mcp-elicitation",
    codex_server: server,
    ...(url === undefined ? {} : { codex_url: url }),
  };
}

function approvalParams(request: Exclude<ApprovalRequest, EventOf<"elicitation_request">>): ElicitationParams {
  const requestedSchema = answerSchema(request);
  if (request.type === "exec_approval_request") {
    const { command, cwd, reason, denial, may_leave_sandbox } = request;
    return {
      message: lines(`Codex wants to run this command in ${cwd}:`, `  ${quoteCommand(command)}`, reason),
      requestedSchema,
      codex_elicitation: "exec-approval",
      codex_command: command,
      codex_cwd: cwd,
      // Hosts of earlier servers look for it; nothing is claimed of what the command does.
      codex_parsed_cmd: [{ type: "unknown", cmd: quoteCommand(command) }],
      ...(denial === undefined ? {} : { codex_denial: denial }),
      ...(may_leave_sandbox === true ? { codex_may_leave_sandbox: true } : {}),
    };
  }
  if (request.type === "mcp_approval_request") {
    const { server, tool, arguments: args, reason } = request;
    return {
      message: lines(`Codex wants to call ${tool} of the MCP server ${server} with:`, `  ${shortened(JSON.stringify(args))}`, reason),
      requestedSchema,
      codex_elicitation: "mcp-approval",
      codex_server: server,
      codex_tool: tool,
      codex_arguments: args,
    };
  }
  const { changes, hunks, reason, grant_root } = request;
  const grant = grant_root === undefined ? undefined : `It asks for ${grant_root} to be writable from now on.`;
  return {
    message: lines("Codex wants to change these files:", ...changeLines(changes), reason, grant),
    requestedSchema,
    codex_elicitation: "patch-approval",
    codex_changes: changes,
    ...(hunks === undefined ? {} : { codex_hunks: hunks }),
    ...(grant_root === undefined ? {} : { codex_grant_root: grant_root }),
  };
}

/** All fields may be left out: to accept says enough. */
function answerSchema(request: ApprovalRequest): ElicitRequestFormParams["requestedSchema"] {
  const mayLeave = request.type === "exec_approval_request" && request.may_leave_sandbox === true;
  return {
    type: "object",
    properties: {
      decision: {
        type: "string",
        title: "Decision",
        description: "What Codex may do.",
        enum: [...DECISIONS],
        enumNames: ["Allow", "Allow, and do not ask again in this thread", "Do not allow", "Do not allow, and stop"],
        default: "approved",
      },
      reason: { type: "string", title: "Reason", description: "When it is not allowed: what Codex should know or do instead." },
      ...(mayLeave
        ? {
            unconfined: {
              type: "boolean" as const,
              title: "Without a sandbox",
              description: "When it is allowed: run it without a sandbox, this once.",
              default: false,
            },
          }
        : {}),
    },
  };
}

/** At most this many files are named in the message; all are in `codex_changes`. */
const NAMED_FILES = 20;

function changeLines(changes: Extract<ApprovalRequest, { type: "apply_patch_approval_request" }>["changes"]): string[] {
  const all = Object.entries(changes).map(([path, change]) => {
    if (change === "delete") return `  delete ${path}`;
    if ("add" in change) return `  add ${path}`;
    const { move_path } = change.update;
    return move_path === null ? `  change ${path}` : `  change ${path} and move it to ${move_path}`;
  });
  return all.length <= NAMED_FILES ? all : [...all.slice(0, NAMED_FILES), `  and ${String(all.length - NAMED_FILES)} more`];
}

/** The whole is in `codex_arguments`. */
function shortened(text: string): string {
  return text.length <= NAMED_LETTERS ? text : `${text.slice(0, NAMED_LETTERS)}…`;
}

const NAMED_LETTERS = 2000;

function lines(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join("\n");
}

/** What the user told the server through the host. */
function elicitedOf(answer: HostAnswer): ApprovalAnswer {
  if (answer.type !== "answered") return { decision: "denied" };
  const { action, content } = answer.result;
  if (action === "cancel") return { decision: "abort" };
  return action === "accept" ? { decision: "approved", content: { ...Object(content) } } : { decision: "denied" };
}

/** What the host's answer means. Anything that is no clear yes is a no. */
export function approvalOf(answer: HostAnswer, timeoutMs: number): ApprovalAnswer {
  switch (answer.type) {
    case "withdrawn":
      return { decision: "denied" };
    case "timed_out":
      return { decision: "denied", reason: `nobody answered within ${String(Math.round(timeoutMs / 1000))} s` };
    case "refused":
      return { decision: "denied", reason: `the MCP host could not ask: ${answer.message}` };
    case "answered":
      return answered(answer.result);
  }
}

/** `{action, content}` as the protocol has it, or the older `{decision}`. */
function answered(result: Readonly<Record<string, unknown>>): ApprovalAnswer {
  const { action } = result;
  const content = Object(result["content"]) as Readonly<Record<string, unknown>>;
  // Content beside anything but "accept" is not an answer.
  const given = action === "accept" ? (content["decision"] ?? result["decision"] ?? "approved") : result["decision"];
  const fields = action === undefined ? result : content;
  const reason = typeof fields["reason"] === "string" && fields["reason"].trim() !== "" ? { reason: fields["reason"] } : {};
  if (action === "decline") return { decision: "denied", ...reason };
  if (action === "cancel") return { decision: "denied", reason: "the question was dismissed without an answer" };
  const decision = DECISIONS.find((known) => known === given);
  if ((action !== undefined && action !== "accept") || decision === undefined) {
    return { decision: "denied", reason: "the MCP host's answer was neither a yes nor a no" };
  }
  return { decision, ...reason, ...(fields["unconfined"] === true ? { unconfined: true } : {}), ...chosenHunks(fields) };
}

/** The part of a patch that is approved; something else than a list of ids approves none of it. */
function chosenHunks({ approved_hunks: ids }: Readonly<Record<string, unknown>>): Partial<ApprovalAnswer> {
  if (ids === undefined || ids === null) return {};
  return isWords(ids) ? { approved_hunks: ids } : { decision: "denied", reason: "the MCP host's `approved_hunks` is no list of ids" };
}

function isWords(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((word) => typeof word === "string");
}
