/**
 * The closed list of failure codes a user or a program can meet: in `turn.failed`, in the protocol's `error` event and on
 * {@link CodexError}. Adding one is an interface change and belongs in docs/exec.md.
 */
export const ERROR_CODES = {
  // A turn that was running ended without its answer.
  interrupted: "the user, a signal or the host stopped the turn",
  unauthorized: "the provider refused the key (401), or the key variable is missing or blank",
  forbidden: "the provider refused access (403)",
  not_found: "the endpoint does not exist at this base URL (404)",
  model_not_found: "the provider does not know the model",
  bad_request: "the provider refused the request as malformed or too large (400, 413, 422)",
  context_overflow: "the conversation no longer fits the model's context window",
  rate_limited: "the provider kept answering 429 until the retries were used up",
  quota_exceeded: "the account has no quota left; waiting does not help",
  server_error: "the provider kept failing (408, 409, 5xx or response.failed) until the retries were used up",
  stream_cut: "the answer's stream ended before it was complete, on every attempt",
  unreachable: "no connection to the provider could be made",
  idle_timeout: "the provider sent nothing for the whole idle timeout, on every attempt",
  mcp_unavailable: "an MCP server that the configuration calls required did not start",
  incomplete: "the provider ended the answer early (response.incomplete)",
  replay_mismatch: "a replayed session asked for something else than its cassette recorded",
  internal: "a fault in this program",
  // Nothing was started.
  config_invalid: "config.toml, a profile or an override cannot be used",
  usage: "the command line cannot be understood",
  no_prompt: "there is nothing to do: no prompt was given",
  cwd_not_found: "the working directory does not exist or is not a directory",
  not_a_git_repository: "the working directory is not inside a git repository",
  image_unreadable: "an image file is missing or cannot be read",
  file_unreadable: "a file named on the command line is missing or cannot be used",
  sandbox_unavailable: "commands cannot be confined on this machine",
  home_unusable: "the Codex home is not a directory that can be written",
  cassette_invalid: "a cassette file cannot be used",
  session_closed: "the session was closed before the operation",
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

export interface CodexErrorOptions {
  /** What the user can do about it, one sentence. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** A failure the user can meet and act on. Printed by the command line only; everything below throws or returns it. */
export class CodexError extends Error {
  override readonly name = "CodexError";
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, options: CodexErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
  }
}
