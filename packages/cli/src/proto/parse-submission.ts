import { SUBMISSION, type Submission } from "@codex/core";
import { decodeUtf8 } from "../input/utf8.ts";

export type ParsedSubmission = { readonly ok: true; readonly submission: Submission } | { readonly ok: false; readonly message: string };

/** Reads one line of the protocol; undefined for a blank one. */
export function parseSubmission(line: Buffer): ParsedSubmission | undefined {
  const decoded = decodeUtf8(line);
  if (!decoded.ok) return { ok: false, message: `not UTF-8 at byte ${String(decoded.offset)}` };
  if (decoded.text.trim() === "") return undefined;
  let value: unknown;
  try {
    value = JSON.parse(decoded.text);
  } catch (error) {
    return { ok: false, message: `not JSON (${(error as Error).message})` };
  }
  const parsed = SUBMISSION.safeParse(value);
  if (parsed.success) return { ok: true, submission: parsed.data };
  const [issue] = parsed.error.issues;
  if (issue === undefined) return { ok: false, message: "wrong shape" };
  const path = issue.path.length === 0 ? "" : `${issue.path.join(".")}: `;
  const found = issue.path.reduce<unknown>((inside, key) => (inside as Record<PropertyKey, unknown>)[key], value);
  return { ok: false, message: `${path}expected ${wanted(issue)}, found ${shortened(JSON.stringify(found) ?? "nothing")}` };
}

function wanted(issue: { readonly code: string }): string {
  const choices = "options" in issue ? issue.options : "values" in issue ? issue.values : undefined;
  if (Array.isArray(choices)) return `one of ${choices.join(", ")}`;
  return "expected" in issue ? String(issue.expected) : "another value";
}

function shortened(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 57)}…`;
}
