import { join } from "node:path";

/** What in the agent's own folder decides what its next session may do, or what it takes back. */
const SETTINGS = ["rules", "config.toml", "auth.json", "mcp-tokens.json", "AGENTS.md", "sandbox-support.json", "patch-journal"] as const;

/** The settings in the agent's own `folder`, existing or not. They stay closed where the folder itself may be written. */
export function agentSettings(folder: string): readonly string[] {
  return SETTINGS.map((name) => join(folder, name));
}
