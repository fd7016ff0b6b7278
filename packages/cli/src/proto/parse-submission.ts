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
  const path = issue?.path.join(".") ?? "";
  return { ok: false, message: `${path === "" ? "" : `${path}: `}${issue?.message ?? "wrong shape"}` };
}
