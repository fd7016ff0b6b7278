import type { WireName } from "./event-plan.ts";

/** One request to the model, as it arrived. */
export interface RecordedRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly rawBody: string;
  /** The parsed body; `{}` when it is not a JSON object. */
  readonly body: Readonly<Record<string, unknown>>;
  /** ms since the script or server was started. */
  readonly atMs: number;
}

/** Parses a body that should be a JSON object. */
export function parseBody(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** The interface a path belongs to, or undefined when it is not a model's. */
export function wireOf(path: string): WireName | undefined {
  const bare = path.split("?")[0] ?? "";
  if (bare.endsWith("/responses")) return "responses";
  return bare.endsWith("/chat/completions") ? "chat" : undefined;
}

/** The body of a model list. */
export function modelList(names: readonly string[]): string {
  return JSON.stringify({ object: "list", data: names.map((id) => ({ id, object: "model", created: 0, owned_by: "script" })) });
}
