import type { SandboxPermission, SandboxPolicy } from "@codex/linux-sandbox";
import type { Config } from "../config/config.ts";
import type { Confinement, SandboxStatus } from "../host/host.ts";
import type { EventOf } from "../protocol/event.ts";

/** What a host without a sandbox says. */
export const NO_SANDBOX: SandboxStatus = { type: "unavailable", reason: "This host confines no commands.", hint: "" };

/** The configured policy with what the user granted since. */
function grantedPolicy(config: Pick<Config, "sandboxPolicy">, granted: readonly SandboxPermission[]): SandboxPolicy {
  return granted.length === 0 ? config.sandboxPolicy : { permissions: [...config.sandboxPolicy.permissions, ...granted] };
}

/** What commands of the session are confined to; `more` is granted for one call. */
export function sandboxConfinement(
  config: Pick<Config, "sandboxPolicy" | "cwd" | "codexHome" | "sandboxRequire">,
  grants: { readonly permissions: readonly SandboxPermission[] },
  more: readonly SandboxPermission[] = [],
): Confinement {
  const policy = grantedPolicy(config, [...grants.permissions, ...more]);
  const { cwd, codexHome, sandboxRequire: require } = config;
  // Rules, settings and keys of the next session are there.
  return { policy, cwd, require, cacheDirectory: codexHome, agentFolder: codexHome };
}

/** What is told once. The message is left out where everything that was asked for is held. */
export function sandboxNotice(status: SandboxStatus): EventOf<"sandbox_status"> {
  if (status.type === "unavailable") {
    const message = `There is no sandbox for commands here: ${status.reason} ${status.hint}`.trim();
    return { type: "sandbox_status", backend: "none", missing: [], message };
  }
  const { backend, missing, reasons } = status;
  const gaps = missing.length === 0 ? [] : [`The sandbox (${backend}) cannot guarantee here: ${missing.join(", ")}.`];
  const sentences = [...gaps, ...reasons];
  return { type: "sandbox_status", backend, missing: [...missing], ...(sentences.length === 0 ? {} : { message: sentences.join(" ") }) };
}
