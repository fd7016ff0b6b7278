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
  const faults = parsed.error.issues.map(
    (issue) =>
      `${issue.path.length === 0 ? "the arguments" : issue.path.join(".")}: expected ${wanted(issue)}, found ${foundAt(value, issue.path)}`,
  );
  return { ok: false, message: `The arguments of ${call.name} have the wrong shape. ${faults.join("; ")}.` };
}

const ARTICLED: Readonly<Record<string, string>> = { array: "a list", object: "an object", string: "a string", number: "a number" };

function wanted(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return ARTICLED[issue.expected] ?? issue.expected;
    case "invalid_value":
      return `one of ${issue.values.map((choice) => JSON.stringify(choice)).join(", ")}`;
    case "invalid_union":
      return [...new Set(issue.errors.flatMap(([first]) => (first === undefined ? [] : [wanted(first)])))].join(" or ");
    default:
      return "another value";
  }
}

function foundAt(value: unknown, path: readonly PropertyKey[]): string {
  const found = path.reduce<unknown>((inside, key) => (inside as Record<PropertyKey, unknown>)[key], value);
  if (found === undefined) return "nothing";
  if (found === null) return "null";
  if (Array.isArray(found)) return "a list";
  return typeof found === "object" ? "an object" : JSON.stringify(found).slice(0, 60);
}
