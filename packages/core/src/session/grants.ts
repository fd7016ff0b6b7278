import type { SandboxPermission } from "@codex/linux-sandbox";
import type { SessionGrants } from "../tools/tool.ts";

/** Grants that last as long as the session. Commands are compared word by word, with their folder. */
export function createSessionGrants(): SessionGrants {
  const commands = new Set<string>();
  const mcpTools = new Set<string>();
  const roots = new Set<string>();
  const permissions = new Map<string, SandboxPermission>();
  const addPermission = (permission: SandboxPermission): void => {
    permissions.set(JSON.stringify(permission), permission);
    if (typeof permission === "object") roots.add(permission["disk-write-folder"].folder);
  };
  return {
    hasCommand: (argv, cwd) => commands.has(JSON.stringify([cwd, ...argv])),
    addCommand: (argv, cwd) => void commands.add(JSON.stringify([cwd, ...argv])),
    hasMcpTool: (server, tool) => mcpTools.has(JSON.stringify([server, tool])),
    addMcpTool: (server, tool) => void mcpTools.add(JSON.stringify([server, tool])),
    get roots() {
      return [...roots];
    },
    addRoot: (directory) => addPermission({ "disk-write-folder": { folder: directory } }),
    get permissions() {
      return [...permissions.values()];
    },
    addPermission,
  };
}
