import type { ToolSpec } from "../model/tool-spec.ts";
import { APPLY_PATCH_DESCRIPTION, APPLY_PATCH_GRAMMAR } from "./apply-patch-format.ts";
import { lazyTool, type Tool } from "./tool.ts";

const NAME = "apply_patch";

export type ApplyPatchForm = "function" | "freeform";

/** `apply_patch`: changes files. As a function its one argument is the patch; freeform, the patch is the whole input. */
export function applyPatchTool(form: ApplyPatchForm): Tool {
  const spec = form === "function" ? FUNCTION_SPEC : FREEFORM_SPEC;
  return lazyTool({ spec, aliases: ["applypatch"], parallel: false }, async () => (await import("./run-apply-patch.ts")).runApplyPatchCall);
}

const FUNCTION_SPEC: ToolSpec = {
  type: "function",
  name: NAME,
  description: APPLY_PATCH_DESCRIPTION,
  strict: false,
  parameters: {
    type: "object",
    properties: { input: { type: "string", description: 'The whole patch, from "*** Begin Patch" to "*** End Patch".' } },
    required: ["input"],
    additionalProperties: false,
  },
};

const FREEFORM_SPEC: ToolSpec = {
  type: "custom",
  name: NAME,
  description: "Adds, deletes, changes and moves files, all or none of them. The input is the patch itself: no JSON, no quotes around it.",
  format: { type: "grammar", syntax: "lark", definition: APPLY_PATCH_GRAMMAR },
};
