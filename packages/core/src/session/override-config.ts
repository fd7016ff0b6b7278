import { sandboxPolicyForMode } from "@codex/linux-sandbox";
import type { Config } from "../config/config.ts";
import type { MessageItem } from "../protocol/item.ts";
import type { Op } from "../protocol/op.ts";

type Override = Extract<Op, { type: "override_turn_context" }>;

/** The configuration with what the op changes. */
export function overrideConfig(config: Config, { model, approval_policy, sandbox_mode }: Override): Config {
  return Object.freeze({
    ...config,
    model: model ?? config.model,
    approvalPolicy: approval_policy ?? config.approvalPolicy,
    sandboxPolicy: sandbox_mode === undefined ? config.sandboxPolicy : sandboxPolicyForMode(sandbox_mode),
  });
}

/** Tells the model which of the things it was told at the start have changed; undefined when none has. */
export function overrideNote(before: Config, after: Config): MessageItem | undefined {
  const lines = [
    ...(before.approvalPolicy === after.approvalPolicy ? [] : [`  <approval_policy>${after.approvalPolicy}</approval_policy>`]),
    ...(before.sandboxPolicy === after.sandboxPolicy
      ? []
      : [`  <sandbox_permissions>${JSON.stringify(after.sandboxPolicy.permissions)}</sandbox_permissions>`]),
  ];
  if (lines.length === 0) return undefined;
  const text = `<environment_context>\n${lines.join("\n")}\n</environment_context>`;
  return { type: "message", role: "user", content: [{ type: "input_text", text }] };
}
