import type { Config } from "../config/config.ts";
import type { Host } from "../host/host.ts";
import { modelInfo } from "../model/catalog.ts";
import type { EventOf } from "../protocol/event.ts";
import type { InitialContext } from "../transcript/initial-context.ts";
import { VERSION } from "../version.ts";

/** What a session says of itself first. */
export function configuredEvent(sessionId: string, config: Config, rolloutPath: string | null): EventOf<"session_configured"> {
  return {
    type: "session_configured",
    session_id: sessionId,
    model: config.model,
    provider: config.provider.id,
    cwd: config.cwd,
    approval_policy: config.approvalPolicy,
    sandbox_policy: { permissions: [...config.sandboxPolicy.permissions] },
    rollout_path: rolloutPath,
  };
}

interface Opening {
  readonly config: Config;
  readonly host: Host;
  readonly instructions: string;
}

/** The first line of the rollout. */
export function sessionMeta(sessionId: string, { config, host, instructions }: Opening): Readonly<Record<string, unknown>> {
  return {
    id: sessionId,
    session_id: sessionId,
    timestamp: new Date(host.clock.now()).toISOString(),
    cwd: config.cwd,
    originator: "codex_ts",
    cli_version: VERSION,
    model_provider: config.provider.id,
    base_instructions: instructions,
  };
}

/** What the user should know before the first turn. */
export function startWarnings(config: Config, { projectDocs }: InitialContext): readonly string[] {
  const unknown = modelInfo(config.model).known ? [] : [`Nothing is known of the model ${config.model}; common limits are assumed.`];
  const cut = projectDocs.flatMap(({ path, cutBytes }) =>
    cutBytes > 0 ? [`${path} is longer than project_doc_max_bytes; its last ${cutBytes} bytes are left out.`] : [],
  );
  return [...config.warnings, ...unknown, ...cut];
}
