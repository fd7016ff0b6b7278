import type { Clock } from "@codex/core";
import type { ServerSettings } from "./server-flags.ts";
import type { HostPort, ToolRunner } from "./tool-runner.ts";

/** Loads the agent, which nothing needs before the first call. */
export async function openTools(
  settings: ServerSettings,
  { host, warn }: { readonly host: HostPort; readonly warn: (text: string) => void },
): Promise<ToolRunner> {
  const { Agent } = await import("./agent.ts");
  return new Agent({
    host,
    warn,
    clock: systemClock,
    processCwd: process.cwd(),
    overrides: settings.overrides ?? [],
    profile: settings.profile,
    strict: settings.strict ?? false,
    approvalTimeoutMs: settings.approvalTimeoutMs ?? 300_000,
    idleMs: settings.idleMs ?? IDLE_MS,
    maxThreads: settings.maxThreads ?? 16,
  });
}

/** How long what nobody uses is kept unless told otherwise. */
export const IDLE_MS = 3_600_000;

export const systemClock: Pick<Clock, "timer"> = {
  timer: (ms, callback, options) => {
    const timer = setTimeout(callback, ms);
    if (options?.unref === true) timer.unref();
    return () => clearTimeout(timer);
  },
};
