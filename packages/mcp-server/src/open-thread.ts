import { Codex, createNodeHost, loadConfig, type ConfigSources, type Host } from "@codex/core";
import { createApprover } from "./approver.ts";
import { Thread } from "./thread.ts";
import type { CodexCall } from "./tool-schemas.ts";
import type { HostPort, ToolCall } from "./tool-runner.ts";

export interface ThreadSettings {
  /** Absolute: where relative paths start. */
  readonly processCwd: string;
  /** Under what a call says itself: `key=value`, as `codex -c` takes them. */
  readonly overrides: readonly string[];
  readonly profile: string | undefined;
  readonly strict: boolean;
  readonly approvalTimeoutMs: number;
  readonly warn: (text: string) => void;
}

/** Opens a session for a call. Throws a CodexError when its configuration cannot be used. */
export async function openThread(
  values: CodexCall,
  call: ToolCall,
  context: ThreadSettings & { readonly host: HostPort },
): Promise<Thread> {
  const config = await loadConfig(configSources(values, context), createNodeHost());
  const approver = createApprover(context.host, context.approvalTimeoutMs);
  const machine = createNodeHost({ log: { directory: config.logDirectory, onProblem: context.warn }, approve: approver.approve });
  const release = async (): Promise<void> => void (await Promise.all([machine.processes.close(), machine.model.close()]));
  try {
    const codex = await Codex.open(config, atReadersPace(machine, context.host));
    return new Thread({ codex, approver, host: context.host, release }, call);
  } catch (error) {
    await release();
    throw error;
  }
}

function configSources(values: CodexCall, settings: ThreadSettings): ConfigSources {
  const { "sandbox-permissions": permissions, sandbox, "base-instructions": instructions } = values;
  return {
    processCwd: settings.processCwd,
    profile: values.profile ?? settings.profile,
    strict: settings.strict,
    overrides: [
      ...settings.overrides,
      ...Object.entries(values.config ?? {}).map(([key, value]) => `${settingKey(key)}=${tomlValue(value, key)}`),
      ...(instructions === undefined ? [] : [`instructions=${tomlValue(instructions, "instructions")}`]),
    ],
    flags: {
      cwd: values.cwd,
      model: values.model,
      approvalPolicy: values["approval-policy"],
      disableResponseStorage: values["disable-response-storage"],
      sandboxMode: sandbox,
      // No words at all would mean that nothing was asked for, and let the files decide.
      ...(permissions?.length === 0 && sandbox === undefined ? { sandboxPolicy: { permissions: [] } } : { sandbox: permissions }),
    },
  };
}

/** An equals sign would end the key and begin another value. */
function settingKey(key: string): string {
  if (key.includes("=")) throw new UnusableSetting(`\`config\`: ${JSON.stringify(key)} is no key of config.toml`);
  return key;
}

/** A JSON value in TOML. A null has no counterpart and throws. */
function tomlValue(value: unknown, path: string): string {
  switch (typeof value) {
    case "string":
      // TOML takes JSON's escapes; the one control character that JSON leaves as it is has to be written as one.
      return JSON.stringify(value).replaceAll("\u007f", "\\u007F");
    case "number":
    case "boolean":
      return String(value);
    case "object":
      if (value === null) break;
      if (Array.isArray(value)) return `[${value.map((item, index) => tomlValue(item, `${path}[${String(index)}]`)).join(", ")}]`;
      return `{ ${Object.entries(value)
        .map(([key, inside]) => `${JSON.stringify(key)} = ${tomlValue(inside, `${path}.${key}`)}`)
        .join(", ")} }`;
    default:
  }
  throw new UnusableSetting(`\`config\`: ${path} is null; leave it out to keep what is configured`);
}

/** A setting that the host gave and that means nothing. */
export class UnusableSetting extends Error {}

/** The machine, for a session whose events go to `host`: while it does not read, no step is begun, so that what waits stays small. */
function atReadersPace(machine: Host, host: HostPort): Host {
  const { model, processes } = machine;
  return {
    ...machine,
    model: {
      ...model,
      send: async (request, sink, signal) => {
        await host.ready(signal);
        return model.send(request, sink, signal);
      },
    },
    processes: {
      ...processes,
      run: async (command, signal) => {
        await host.ready(signal);
        return processes.run(command, signal);
      },
    },
  };
}
