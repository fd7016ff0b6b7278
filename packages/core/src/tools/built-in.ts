import { isUnrestricted } from "@codex/linux-sandbox";
import type { Config } from "../config/config.ts";
import { modelInfo } from "../model/catalog.ts";
import { applyPatchTool } from "./apply-patch.ts";
import { shellTool } from "./shell.ts";
import type { Tool } from "./tool.ts";
import { updatePlanTool } from "./update-plan.ts";
import { viewImageTool } from "./view-image.ts";

/**
 * The tools every session has. `canAsk`: somebody answers questions; only then can the model ask for more than the sandbox allows.
 * `apply_patch` takes the form that the model was trained on, where the wire can carry it.
 */
export function builtInTools(config: Config, canAsk: boolean): readonly Tool[] {
  const freeform = config.provider.wireApi === "responses" && modelInfo(config.model).applyPatch === "freeform";
  const mayAskToLeave = canAsk && config.approvalPolicy !== "never" && !isUnrestricted(config.sandboxPolicy);
  return [shellTool(mayAskToLeave), applyPatchTool(freeform ? "freeform" : "function"), updatePlanTool, viewImageTool];
}
