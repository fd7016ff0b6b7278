import { lazyTool } from "./tool.ts";

/** `update_plan`: shows the user the steps of the work. It changes nothing else. */
export const updatePlanTool = lazyTool(
  {
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
  },
  async () => (await import("./run-update-plan.ts")).runUpdatePlan,
);
