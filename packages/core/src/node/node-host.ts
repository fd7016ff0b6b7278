import { tmpdir } from "node:os";
import type { ApprovalHandler } from "../host/approval.ts";
import type { CustomTool } from "../host/custom-tool.ts";
import type { Host, Logger, LogLevel } from "../host/host.ts";
import { systemClock } from "./clock.ts";
import { createFileLog } from "./file-log.ts";
import { nodeFileSystem } from "./file-system.ts";
import { openHttpTransport } from "./http-transport.ts";
import { lazyProcesses } from "./lazy-processes.ts";
import { mcpConnector } from "./mcp-connector.ts";
import { nodeProcessIdentity } from "./process-identity.ts";
import { systemRandom } from "./random.ts";
import { nodeRuleFiles } from "./rule-files.ts";

export interface NodeHostOptions {
  /** Default: the environment of this process, as it is now. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Where to log; without it nothing is logged. */
  readonly log?: NodeLogOptions | undefined;
  readonly tools?: readonly CustomTool[] | undefined;
  readonly approve?: ApprovalHandler | undefined;
}

export interface NodeLogOptions {
  /** Absolute; the log is `codex.log` in it. */
  readonly directory: string;
  /** Default info. */
  readonly level?: LogLevel | undefined;
  /** Told once, when the log cannot be written. */
  readonly onProblem?: ((message: string) => void) | undefined;
}

/** The host that is this machine. Sessions may share it; closing its parts ends what all of them run. */
export function createNodeHost(options: NodeHostOptions = {}): Host {
  const env = Object.freeze({ ...(options.env ?? process.env) });
  const temporaryDirectory = tmpdir();
  return {
    clock: systemClock,
    random: systemRandom,
    env,
    platform: { os: process.platform, arch: process.arch, temporaryDirectory },
    fs: nodeFileSystem,
    identity: nodeProcessIdentity(),
    processes: lazyProcesses({ clock: systemClock, temporaryDirectory, env }),
    model: openHttpTransport({ env }),
    mcp: mcpConnector(env),
    log: options.log === undefined ? silentLog : createFileLog({ ...options.log, env, clock: systemClock }),
    ruleFiles: nodeRuleFiles,
    tools: options.tools,
    approve: options.approve,
  };
}

const silentLog: Logger = {
  write: () => undefined,
  flush: () => Promise.resolve(),
};
