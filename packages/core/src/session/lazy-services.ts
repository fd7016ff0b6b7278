import type { Config } from "../config/config.ts";
import type { LoginShells } from "../exec/login-shell.ts";
import type { Host } from "../host/host.ts";
import type { CommandRules } from "../safety/command-rules.ts";
import type { TurnDiff } from "../tools/tool.ts";

/** What a session loads when its first tool call needs it. */

export async function openTurnDiff(fs: Host["fs"], cwd: string): Promise<TurnDiff> {
  const { createTurnDiff } = await import("../patch/turn-diff.ts");
  return createTurnDiff(fs, cwd);
}

export async function openLoginShells({ fs, processes }: Host, signal: AbortSignal): Promise<LoginShells> {
  const { createLoginShells } = await import("../exec/login-shell.ts");
  return createLoginShells({ fs, run: (request, stop) => processes.run(request, stop), signal });
}

export async function openCommandRules(config: Config, host: Host, warn: (message: string) => void): Promise<CommandRules> {
  const { createCommandRules } = await import("../safety/command-rules.ts");
  return createCommandRules(config, host, warn);
}
