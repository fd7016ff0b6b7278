import * as z from "zod/mini";
import { PLAN_STEP } from "../protocol/event.ts";
import type { OutputPayload, ToolCallItem } from "../protocol/item.ts";
import { parseArguments } from "./arguments.ts";
import { wrongKind, type ToolContext } from "./tool.ts";

const ARGUMENTS = z.object({ explanation: z.optional(z.nullable(z.string())), plan: z.array(PLAN_STEP) });

/** Runs one call of `update_plan`. */
export async function runUpdatePlan(call: ToolCallItem, context: ToolContext): Promise<OutputPayload> {
  if (call.type !== "function_call") return wrongKind(call);
  const parsed = parseArguments(call, ARGUMENTS);
  if (!parsed.ok) return parsed.message;
  const { explanation, plan } = parsed.value;
  context.emit({ type: "plan_update", plan, ...(explanation ? { explanation } : {}) });
  return "The plan is shown.";
}
