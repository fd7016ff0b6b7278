import type * as z from "zod/mini";
import type { FunctionCallItem } from "../protocol/item.ts";

export type ParsedArguments<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string };

/** Reads a call's arguments: the JSON as the model wrote it, then its shape. A fault becomes text the model can act on. */
export function parseArguments<T>(call: FunctionCallItem, schema: z.ZodMiniType<T>): ParsedArguments<T> {
  let value: unknown;
  try {
    value = JSON.parse(call.arguments.trim() === "" ? "{}" : call.arguments);
  } catch (error) {
    return { ok: false, message: `The arguments of ${call.name} are not JSON: ${(error as Error).message}. Send one JSON object.` };
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { ok: true, value: parsed.data };
  const faults = parsed.error.issues.map((issue) => `${issue.path.length === 0 ? "the object" : issue.path.join(".")}: ${issue.message}`);
  return { ok: false, message: `The arguments of ${call.name} have the wrong shape. ${faults.join("; ")}.` };
}
