import * as z from "zod/mini";
import { PLAN_STEP } from "../protocol/event.ts";
import type { OutputPayload, ToolCallItem } from "../protocol/item.ts";
import { parseArguments } from "./arguments.ts";
import { wrongKind, type Tool, type ToolContext } from "./tool.ts";

const ARGUMENTS = z.object({ explanation: z.optional(z.nullable(z.string())), plan: z.array(PLAN_STEP) });

/** `update_plan`: shows the user the steps of the work. It changes nothing else. */
export const updatePlanTool: Tool = {
  spec: {
    type: "function",
    name: "update_plan",
    description:
      "Shows the user a short plan and how far it has come. Give all steps each time; at most one is in_progress. Mark a step completed as soon as it is.",
    strict: false,
    parameters: {
      type: "object",
      properties: {
        explanation: { type: "string", description: "Why the plan changed, one sentence." },
        plan: {
          type: "array",
          items: {
            type: "object",
            properties: {
              step: { type: "string", description: "A few words." },
              status: { type: "string", enum: ["pending", "in_progress", "completed"] },
            },
            required: ["step", "status"],
            additionalProperties: false,
          },
        },
      },
      required: ["plan"],
      additionalProperties: false,
    },
  },
  parallel: true,
  run: async (call, context) => updatePlan(call, context),
};

function updatePlan(call: ToolCallItem, context: ToolContext): OutputPayload {
  if (call.type !== "function_call") return wrongKind(call);
  const parsed = parseArguments(call, ARGUMENTS);
  if (!parsed.ok) return parsed.message;
  const { explanation, plan } = parsed.value;
  context.emit({ type: "plan_update", plan, ...(explanation ? { explanation } : {}) });
  return "The plan is shown.";
}
