import type { ModelProvider } from "../config/config.ts";
import type { ModelTransportEnd } from "../host/host.ts";
import type { ErrorCode } from "../protocol/error-code.ts";
import { cleanMessage, type ProviderError } from "./provider-error.ts";
import { retryAfterOf, waitNamedIn, type ResponseHeaders } from "./retry-after.ts";

/** Why one attempt failed, and whether another one may help. */
export interface Failure {
  readonly code: ErrorCode;
  /** What happened in our words, without a full stop. */
  readonly summary: string;
  /** The provider's own words, cleaned and bounded. */
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
  /** Which of the provider's two limits a retry counts against. */
  readonly retry: "never" | "request" | "stream";
  /** The wait the provider asked for, ms. */
  readonly waitMs?: number | undefined;
  /** The provider no longer knows the response the request continued. */
  readonly forgotten?: boolean | undefined;
  /** The provider refuses the tool at this place of the request's list. */
  readonly refusedTool?: number | undefined;
  /** The provider does not know the model, so its list is worth a look. */
  readonly unknownModel?: boolean | undefined;
}

export interface FailureContext {
  readonly provider: ModelProvider;
  readonly model: string;
  /** Values that must not be shown. */
  readonly secrets: readonly string[];
  /** The stored response the request continued. */
  readonly continues: string | undefined;
  /** Unix ms. */
  readonly now: number;
}

export interface Refusal {
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly error: ProviderError;
}

/** An answer with a status that is not success. */
export function failureOfStatus({ status, headers, error }: Refusal, context: FailureContext): Failure {
  const known = knownFailure(error, context, status);
  const detail = detailOf(error, context);
  if (known !== undefined) return { ...known, detail };
  const summary = `${context.provider.name} answered ${status}${STATUS_MEANING[status] === undefined ? "" : ` (${STATUS_MEANING[status]})`}`;
  const transient = status === 408 || status === 409 || status === 429 || status >= 500;
  if (!transient) {
    const refusedTool = status === 400 || status === 422 ? refusedToolOf(error) : undefined;
    return { code: codeOfFinalStatus(status), summary, detail, hint: hintOfStatus(status, context), retry: "never", refusedTool };
  }
  const waitMs = retryAfterOf(headers, context.now) ?? waitNamedIn(error.message);
  return { code: status === 429 ? "rate_limited" : "server_error", summary, detail, retry: "request", waitMs };
}

/** An answer that began and then reported a failure. */
export function failureOfAnswer(error: ProviderError, context: FailureContext): Failure {
  const known = knownFailure(error, context, undefined);
  const detail = detailOf(error, context);
  if (known !== undefined) return { ...known, detail };
  const reason = error.code ?? error.type;
  const summary = `${context.provider.name} could not finish the answer${reason === undefined ? "" : ` (${cleanMessage(reason, context.secrets)})`}`;
  if (reason !== undefined && FINAL_CODE.test(reason)) return { code: "bad_request", summary, detail, retry: "never" };
  if (reason !== undefined && RATE_CODE.test(reason))
    return { code: "rate_limited", summary, detail, retry: "stream", waitMs: waitNamedIn(error.message) };
  return { code: "server_error", summary, detail, retry: "stream", waitMs: waitNamedIn(error.message) };
}

/** The connection could not be made, or was lost. */
export function failureOfTransport(end: ModelTransportEnd, origin: string, context: FailureContext): Failure {
  if (end.type === "failed" && end.kind === "replay_mismatch")
    return { code: "replay_mismatch", summary: end.message, hint: REPLAY_HINT, retry: "never" };
  if (end.type !== "failed" || end.kind === "cut") {
    const detail = end.type === "failed" ? cleanMessage(end.message, context.secrets) : undefined;
    return {
      code: "stream_cut",
      summary: `The answer of ${context.provider.name} was cut off before it was complete`,
      detail,
      retry: "stream",
    };
  }
  const certificate = CERTIFICATE_CODE.test(end.code);
  return {
    code: "unreachable",
    summary: `No connection to ${context.provider.name} at ${origin}`,
    detail: cleanMessage(end.message, context.secrets),
    hint: certificate
      ? "Name your certificate authority's file in SSL_CERT_FILE or NODE_EXTRA_CA_CERTS."
      : "Check the network, HTTPS_PROXY and the provider's base_url.",
    retry: certificate || end.code === "PROXY_UNSUPPORTED" || end.code === "CERTIFICATES_UNREADABLE" ? "never" : "request",
  };
}

export function failureOfIdle(idleMs: number, context: FailureContext): Failure {
  return { code: "idle_timeout", summary: `${context.provider.name} sent nothing for ${idleMs / 1000} s`, retry: "stream" };
}

/** The whole text for the user. */
export function failureText(failure: Failure): string {
  return failure.detail === undefined ? failure.summary : `${failure.summary}: ${failure.detail}`;
}

const REPLAY_HINT = "Replay it with the prompt and the settings it was recorded with, or record it again.";

const STATUS_MEANING: Readonly<Record<number, string>> = {
  400: "bad request",
  401: "unauthorized",
  403: "forbidden",
  404: "not found",
  408: "request timeout",
  409: "conflict",
  413: "request too large",
  422: "unprocessable",
  429: "too many requests",
  500: "internal server error",
  502: "bad gateway",
  503: "unavailable",
  504: "gateway timeout",
};

const OVERFLOW_CODE = /^(context_length_exceeded|context_window_exceeded|exceed_context_size_error|model_context_window_exceeded)$/;
const OVERFLOW_MESSAGE =
  /maximum context length|exceeds?\b.{0,40}\bcontext (window|length|size)|context (window|length) (was |is |has been )?exceeded|prompt is too long|input (is|was) too long|reduce the length of the (messages|input|prompt)/i;
const QUOTA_CODE = /^(insufficient_quota|quota_exceeded|billing_hard_limit_reached|billing_not_active|usage_not_included)$/;
const RATE_CODE = /rate_limit|too_many_requests|slow_down|^429$/;
const FINAL_CODE = /^(invalid|unsupported|image|empty_image|failed_to_download)|_policy(_|$)|^4(00|01|03|04|13|22)$/;
const MODEL_MESSAGE =
  /\bmodel\b.{0,200}(not (exist|found|supported|available)|does not exist|unknown|invalid|no access)|(unknown|invalid|no such|unsupported) model|not a valid model/i;
const CERTIFICATE_CODE = /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)/;

/** Failures that say what they are, by code or by well-known words. All are final. */
function knownFailure(error: ProviderError, context: FailureContext, status: number | undefined): Failure | undefined {
  const { name } = context.provider;
  const codes = [error.code, error.type].filter((code) => code !== undefined);
  const refused = status === undefined || status === 400 || status === 404 || status === 413 || status === 422;
  if (refused && namesPreviousResponse(error, context.continues)) {
    return { code: "bad_request", summary: `${name} no longer knows the conversation`, retry: "never", forgotten: true };
  }
  if (codes.some((code) => OVERFLOW_CODE.test(code)) || (refused && OVERFLOW_MESSAGE.test(error.message ?? ""))) {
    const summary = `The conversation no longer fits the context window of ${context.model}`;
    return { code: "context_overflow", summary, hint: "Start a new session, or ask for less at once.", retry: "never" };
  }
  if (codes.some((code) => QUOTA_CODE.test(code))) {
    const summary = `The account at ${name} has no quota left`;
    return { code: "quota_exceeded", summary, hint: "Check the plan and billing of the account.", retry: "never" };
  }
  if (!codes.includes("model_not_found") && !(refused && isAboutModel(error, context.model))) return undefined;
  const summary = `${name} does not know the model ${JSON.stringify(context.model)}`;
  return { code: "model_not_found", summary, hint: MODEL_HINT, retry: "never", unknownModel: true };
}

const MODEL_HINT = "Name another one with -m or `model` in config.toml.";

function namesPreviousResponse(error: ProviderError, id: string | undefined): boolean {
  if (id === undefined) return false;
  if (error.code === "previous_response_not_found" || error.param === "previous_response_id") return true;
  return error.message !== undefined && (error.message.includes(id) || /previous[ _]response/i.test(error.message));
}

/** `tools[3].parameters`, or `tools.3.…`, as providers name the place of what they refuse. */
function refusedToolOf({ param, message }: ProviderError): number | undefined {
  const [, brackets, dots] = /\btools(?:\[(\d{1,4})\]|\.(\d{1,4})\b)/.exec(`${param ?? ""} ${message ?? ""}`) ?? [];
  const index = brackets ?? dots;
  return index === undefined ? undefined : Number(index);
}

function isAboutModel(error: ProviderError, model: string): boolean {
  if (error.message === undefined || !MODEL_MESSAGE.test(error.message)) return false;
  return error.message.includes(model);
}

function codeOfFinalStatus(status: number): ErrorCode {
  switch (status) {
    case 401:
      return "unauthorized";
    case 403:
      return "forbidden";
    case 404:
      return "not_found";
    default:
      return status < 400 ? "not_found" : "bad_request";
  }
}

function hintOfStatus(status: number, { provider }: FailureContext): string | undefined {
  switch (status) {
    case 401:
      return provider.envKey === undefined
        ? `The provider "${provider.id}" wants a key, but its configuration names no env_key.`
        : `Check the key in ${provider.envKey}, which is sent to the provider "${provider.id}".`;
    case 403:
      return provider.envKey === undefined ? undefined : `The key in ${provider.envKey} may lack access to this model or region.`;
    case 404:
      return `Check base_url and wire_api of the provider "${provider.id}".`;
    default:
      return status < 400
        ? `The address redirects; set base_url of the provider "${provider.id}" to where the interface really is.`
        : undefined;
  }
}

function detailOf(error: ProviderError, context: FailureContext): string | undefined {
  if (error.message === undefined) return undefined;
  const detail = cleanMessage(error.message, context.secrets);
  return detail === "" ? undefined : detail;
}
