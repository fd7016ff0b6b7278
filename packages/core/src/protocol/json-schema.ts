import * as z from "zod/mini";
import { EVENT } from "./event.ts";
import { SUBMISSION } from "./op.ts";

/** The JSON Schema of what goes in and out of a session: one line of `codex proto` each way. */
export function protocolJsonSchema(): Record<string, unknown> {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "The Codex protocol",
    $defs: { Submission: withoutDialect(z.toJSONSchema(SUBMISSION)), Event: withoutDialect(z.toJSONSchema(EVENT)) },
    anyOf: [{ $ref: "#/$defs/Submission" }, { $ref: "#/$defs/Event" }],
  };
}

function withoutDialect({ $schema: _dialect, ...schema }: Record<string, unknown>): Record<string, unknown> {
  return schema;
}
