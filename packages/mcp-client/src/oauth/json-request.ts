import { McpError, messageOf } from "../error.ts";
import { bodyText, type HttpExchange } from "../http/exchange.ts";

export interface JsonRequest {
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** Posted as a form, or as JSON. */
  readonly form?: URLSearchParams;
  readonly json?: object;
  readonly signal: AbortSignal;
}

export interface JsonAnswer {
  readonly status: number;
  /** Empty when the answer is no JSON object. */
  readonly body: Readonly<Record<string, unknown>>;
}

const LIMIT_MS = 30_000;
const MAX_BYTES = 1024 * 1024;

/** One request to an authorization server. Rejects with the kind `auth` when it cannot be reached. */
export async function requestJson(exchange: HttpExchange, { url, headers, form, json, signal }: JsonRequest): Promise<JsonAnswer> {
  refuseInsecure(url);
  const body = form?.toString() ?? (json === undefined ? undefined : JSON.stringify(json));
  const type = form === undefined ? "application/json" : "application/x-www-form-urlencoded";
  try {
    const response = await exchange({
      method: body === undefined ? "GET" : "POST",
      url,
      headers: { accept: "application/json", ...(body !== undefined && { "content-type": type }), ...headers },
      body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]),
    });
    return { status: response.status, body: objectOf(await bodyText(response.body, MAX_BYTES)) };
  } catch (error) {
    throw new McpError("auth", `${url.origin} could not be asked for authorization: ${messageOf(error)}`, { cause: error });
  }
}

/** Codes and tokens travel in the clear on this machine only. */
export function refuseInsecure(url: URL): void {
  const isLoopback = url.hostname === "localhost" || url.hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(url.hostname);
  if (url.protocol === "https:" || (url.protocol === "http:" && isLoopback)) return;
  throw new McpError("auth", `${url.origin} asks for authorization without encryption, which is refused`);
}

function objectOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

export function textAt(body: Readonly<Record<string, unknown>>, key: string): string | undefined {
  const value = body[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function textsAt(body: Readonly<Record<string, unknown>>, key: string): readonly string[] | undefined {
  const value = body[key];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : undefined;
}
