import { parseSandboxPermission, type SandboxPermission } from "@codex/linux-sandbox";
import { isAbsolute, normalize } from "node:path";
import type { ApprovalAnswer } from "../host/approval.ts";
import type { Grant } from "../protocol/grant.ts";
import type { RuledCommand } from "../safety/command-rules.ts";
import type { ToolContext } from "./tool.ts";

/** Keeps what an answer grants beyond the call. What cannot be granted is told as a warning, and the call goes on without it. */
export async function applyGrants(
  { decision, grants = [] }: ApprovalAnswer,
  command: RuledCommand | undefined,
  context: ToolContext,
): Promise<{ readonly permissions: readonly SandboxPermission[] }> {
  if (decision !== "approved" && decision !== "approved_for_session") return { permissions: [] };
  const permissions: SandboxPermission[] = [];
  for (const grant of grants) {
    // oxlint-disable-next-line no-await-in-loop -- rules are written one after the other
    const kept = await keep(grant, command, context);
    if (kept.permission !== undefined) permissions.push(kept.permission);
    if (kept.message !== undefined) context.emit({ type: "warning", message: kept.message });
  }
  return { permissions };
}

const NO_COMMAND = "Nothing was allowed beyond this call: the question was about permissions and not about a command.";

interface Kept {
  /** For this call, whatever its scope. */
  readonly permission?: SandboxPermission;
  readonly message?: string | undefined;
}

async function keep(grant: Grant, command: RuledCommand | undefined, { session }: ToolContext): Promise<Kept> {
  switch (grant.type) {
    case "command":
      if (command === undefined) return { message: NO_COMMAND };
      session.grants.addCommand(command.argv, command.cwd);
      return {};
    case "prefix": {
      if (command === undefined) return { message: NO_COMMAND };
      return { message: await (await session.rules()).allow(grant.prefix, grant.scope, command) };
    }
    case "permission": {
      const parsed = parseSandboxPermission(grant.permission, "/");
      if (!parsed.ok) return { message: `The permission was not granted: ${parsed.message}` };
      if (grant.scope === "session") session.grants.addPermission(parsed.value);
      return { permission: parsed.value };
    }
    case "root": {
      if (!isAbsolute(grant.root) || normalize(grant.root) === "/") {
        return { message: `The folder ${grant.root} was not opened: it must be absolute, and not the whole disk.` };
      }
      session.grants.addRoot(normalize(grant.root));
      return { permission: { "disk-write-folder": { folder: normalize(grant.root) } } };
    }
  }
}
