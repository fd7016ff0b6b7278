import { createNodeHost, loadConfig, type ApprovalPolicy, type Config, type ConfigSources, type Host } from "@codex/core";
import type { PROTO_OPTIONS } from "./flags/commands.ts";
import type { Values } from "./flags/option.ts";

/** The options that every command that opens a session has. */
export type SessionValues = Omit<Values<typeof PROTO_OPTIONS>, "help" | "version">;

export interface SessionConfigOptions {
  /** Where the process was started; relative paths on the command line start there. */
  readonly processCwd: string;
  readonly host: Pick<Host, "env" | "fs" | "platform">;
  readonly outputSchema?: Readonly<Record<string, unknown>> | undefined;
  readonly defaultApprovalPolicy?: ApprovalPolicy | undefined;
}

/** The configuration that the command line and the files in the Codex home make together. Throws what loadConfig throws. */
export function loadSessionConfig(values: SessionValues, options: SessionConfigOptions): Promise<Config> {
  const { processCwd, host, outputSchema, defaultApprovalPolicy } = options;
  const sources = { processCwd, overrides: values.config, profile: values.profile, strict: values["strict-config"], defaultApprovalPolicy };
  return loadConfig({ ...sources, flags: { ...configFlags(values), outputSchema } }, host);
}

/** This machine, with the log where `config` wants it. `onProblem`: the log cannot be written; default: said on stderr. */
export function openSessionHost(config: Config, onProblem: (message: string) => void = warn): Host {
  return createNodeHost({ log: { directory: config.logDirectory, onProblem } });
}

function warn(message: string): void {
  process.stderr.write(`warning: ${message}\n`);
}

function configFlags(values: SessionValues): NonNullable<ConfigSources["flags"]> {
  const bypass = values["dangerously-bypass-approvals-and-sandbox"];
  return {
    model: values.model,
    cwd: values.cd,
    oss: given(values.oss),
    approvalPolicy: bypass ? "never" : values["ask-for-approval"],
    sandbox: values["sandbox-permission"].length === 0 ? undefined : values["sandbox-permission"],
    sandboxMode: bypass ? "danger-full-access" : values.sandbox,
    fullAuto: given(values["full-auto"]),
    disableResponseStorage: given(values["disable-response-storage"]),
    ephemeral: given(values.ephemeral),
  };
}

/** A switch that was left out says nothing, so that the files may. */
function given(flag: boolean): true | undefined {
  return flag ? true : undefined;
}
