import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { isSupportedProtocolVersion } from "@codex/mcp-types";

export interface Refusal {
  readonly status: number;
  readonly reason: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface GuardedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

export const PATH = "/mcp";
const METHODS = ["POST", "GET", "DELETE"];
const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/i;

/**
 * Why a request is not served, if it is not. A page in the user's browser can send requests here too, also under a name of its own that
 * resolves to this machine (DNS rebinding); `Host` and `Origin` tell, and the token keeps out all who have not been given it.
 */
export function refusalOf({ method, path, headers }: GuardedRequest, token: string): Refusal | undefined {
  if (!LOOPBACK.test(headers.host ?? "")) return { status: 403, reason: "this Host is not served" };
  if (headers.origin !== undefined && !isLoopbackOrigin(headers.origin)) return { status: 403, reason: "this Origin is not served" };
  if (!isSame(headers.authorization ?? "", `Bearer ${token}`)) {
    return { status: 401, reason: "the token is missing or not the right one", headers: { "www-authenticate": "Bearer" } };
  }
  if (path !== PATH) return { status: 404, reason: `only ${PATH} is served` };
  if (!METHODS.includes(method)) return { status: 405, reason: `${method} is not served`, headers: { allow: METHODS.join(", ") } };
  return refusedForm(method, headers);
}

function refusedForm(method: string, headers: IncomingHttpHeaders): Refusal | undefined {
  const version = headers["mcp-protocol-version"];
  if (typeof version === "string" && !isSupportedProtocolVersion(version)) {
    return { status: 400, reason: `the protocol version ${JSON.stringify(version.slice(0, 40))} is not supported` };
  }
  if (method === "GET" && !accepts(headers, "text/event-stream")) return { status: 406, reason: "text/event-stream is what there is" };
  if (method !== "POST") return undefined;
  if (!accepts(headers, "application/json") || !accepts(headers, "text/event-stream")) {
    return { status: 406, reason: "application/json and text/event-stream must both be accepted" };
  }
  const isJson = /^application\/json\s*(;|$)/i.test(headers["content-type"] ?? "");
  return isJson ? undefined : { status: 415, reason: "a message is application/json" };
}

function accepts({ accept = "" }: IncomingHttpHeaders, type: string): boolean {
  const [group = ""] = type.split("/");
  const accepted = accept.split(",").map((range) => range.split(";")[0]?.trim().toLowerCase());
  return accepted.some((range) => range === type || range === `${group}/*` || range === "*/*");
}

function isLoopbackOrigin(origin: string): boolean {
  const [, host = ""] = /^https?:\/\/(.*)$/i.exec(origin) ?? [];
  return LOOPBACK.test(host);
}

/** In a time that does not tell how much of it was right. */
function isSame(given: string, wanted: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}
