import { agentSettings, hasFullDiskWriteAccess, hasFullNetworkAccess, writableRoots } from "@codex/linux-sandbox";
import { constants } from "node:fs";
import { access, realpath } from "node:fs/promises";
import { join } from "node:path";
import type { Confinement, SandboxReach, SandboxStatus } from "../host/host.ts";
import { SANDBOX_EXEC, seatbeltArguments, seatbeltEnvironment } from "../sandbox/seatbelt.ts";
import type { DirectRequest } from "./direct-start.ts";

type SeatbeltCommand = { readonly ok: true; readonly request: DirectRequest } | { readonly ok: false; readonly reason: string };

/** The command as sandbox-exec runs it, with the variables that tell it so. */
export async function seatbeltCommand(
  request: DirectRequest,
  confinement: Confinement,
  temporaryDirectory: string,
): Promise<SeatbeltCommand> {
  const status = await seatbeltStatus(confinement, temporaryDirectory);
  if (status.type === "unavailable") return { ok: false, reason: status.reason };
  const { reach } = status;
  const argv = seatbeltArguments(reach, request.argv);
  return { ok: true, request: { argv, cwd: request.cwd, env: { ...request.env, ...seatbeltEnvironment(reach) } } };
}

export async function seatbeltStatus(confinement: Confinement, temporaryDirectory: string): Promise<SandboxStatus> {
  if (!(await isExecutable())) return { type: "unavailable", reason: `${SANDBOX_EXEC} cannot be run.`, hint: "" };
  const missing = confinement.require.filter((guarantee) => !HELD.includes(guarantee));
  if (missing.length > 0) {
    const list = missing.join(", ");
    const hint = `Take ${list} out of sandbox.require.`;
    return { type: "unavailable", reason: `The configuration requires ${list}, which Seatbelt does not guarantee.`, hint };
  }
  return { type: "available", backend: "seatbelt", missing: [], reasons: [], reach: await reachOf(confinement, temporaryDirectory) };
}

const HELD: readonly string[] = ["write", "network", "carveout", "metadata", "signals"];

let executable: Promise<boolean> | undefined;

function isExecutable(): Promise<boolean> {
  executable ??= access(SANDBOX_EXEC, constants.X_OK).then(
    () => true,
    () => false,
  );
  return executable;
}

async function reachOf({ policy, cwd, agentFolder }: Confinement, temporaryDirectory: string): Promise<SandboxReach> {
  const network = hasFullNetworkAccess(policy) ? "full" : "none";
  if (hasFullDiskWriteAccess(policy)) return { network, fullWrite: true, writableRoots: [], protectedPaths: [] };
  const named = writableRoots(policy, { cwd, platform: "darwin", temporaryDirectory });
  const real = await Promise.all(named.map((path) => realpath(path).catch(() => undefined)));
  const roots = [...new Set(real.filter((path) => path !== undefined))];
  const names = roots.flatMap((root) => [".git", ".codex", ".agents"].map((name) => join(root, name)));
  const agent = agentFolder === undefined ? undefined : await realpath(agentFolder).catch(() => agentFolder);
  return { network, fullWrite: false, writableRoots: roots, protectedPaths: [...names, ...closedOf(agent, roots)] };
}

/** All of the agent's folder, or its settings where work is done in it: what is closed is closed in every root. */
function closedOf(agent: string | undefined, roots: readonly string[]): readonly string[] {
  if (agent === undefined) return [];
  return roots.some((root) => root === agent || root.startsWith(`${agent}/`)) ? agentSettings(agent) : [agent];
}
