import { isJsonObject, parseJson, textOf } from "./json.ts";

/** What a provider says about a failure, as far as it says it. */
export interface ProviderError {
  readonly message: string | undefined;
  readonly code: string | undefined;
  readonly type: string | undefined;
  readonly param: string | undefined;
}

/** Characters of a provider's message that reach the user. */
const MAX_MESSAGE = 1000;
const NOTHING: ProviderError = { message: undefined, code: undefined, type: undefined, param: undefined };

/** Reads the body of a failed request: the usual JSON shapes, else plain text; markup says nothing worth showing. */
export function readErrorBody(body: string): ProviderError {
  const text = body.trim();
  const json = parseJson(text);
  if (json !== undefined) return providerError(json);
  return text === "" || text.startsWith("<") ? NOTHING : { ...NOTHING, message: text };
}

/** Reads an error value: `{error: {message, code, …}}`, the inner object, a bare string, or one of these in a list. */
export function providerError(value: unknown): ProviderError {
  if (typeof value === "string") return { ...NOTHING, message: textOf(value) };
  if (Array.isArray(value)) return value.length === 0 ? NOTHING : providerError(value[0]);
  if (!isJsonObject(value)) return NOTHING;
  if (isJsonObject(value["error"]) || textOf(value["error"]) !== undefined) return providerError(value["error"]);
  const code = value["code"];
  return {
    message: textOf(value["message"]) ?? textOf(value["detail"]) ?? textOf(value["msg"]),
    code: typeof code === "number" ? String(code) : textOf(code),
    type: textOf(value["type"]),
    param: textOf(value["param"]),
  };
}

/** The provider's words fit to be shown: one line, no control characters, bounded, and without the secrets that were sent. */
export function cleanMessage(message: string, secrets: readonly string[]): string {
  let text = message;
  for (const secret of secrets) if (secret.length >= 8) text = text.replaceAll(secret, "[secret]");
  // oxlint-disable-next-line no-control-regex -- a server must not be able to steer the user's terminal
  text = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ").trim();
  return text.length > MAX_MESSAGE ? `${text.slice(0, MAX_MESSAGE)}…` : text;
}
