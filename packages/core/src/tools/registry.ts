import type { CustomTool } from "../host/custom-tool.ts";
import type { ToolSpec } from "../model/tool-spec.ts";
import { CodexError } from "../protocol/error-code.ts";
import { hostTool } from "./custom.ts";
import type { Tool } from "./tool.ts";

/** The tools of a session: their declarations in a fixed order, and each tool by every name it answers to. */
export interface ToolRegistry {
  readonly specs: readonly ToolSpec[];
  find(name: string): Tool | undefined;
  readonly names: readonly string[];
  /** Loads the tools' bodies ahead of the first call. */
  preload(): void;
}

/** The registry with `more` behind its tools; a name that is taken stays with the tool that has it. */
export function extendToolRegistry(registry: ToolRegistry, more: readonly Tool[]): ToolRegistry {
  const added = new Map<string, Tool>();
  for (const tool of more) if (registry.find(tool.spec.name) === undefined) added.set(tool.spec.name, tool);
  return {
    specs: [...registry.specs, ...[...added.values()].map((tool) => tool.spec)],
    find: (name) => registry.find(name) ?? added.get(name),
    names: [...registry.names, ...added.keys()],
    preload: () => registry.preload(),
  };
}

const TOOL_NAME = /^[a-zA-Z0-9_-]{1,64}$/;

/** Throws `usage` when a host's tool has a name that cannot be used. */
export function createToolRegistry(builtIn: readonly Tool[], custom: readonly CustomTool[]): ToolRegistry {
  const tools = [...builtIn, ...custom.map(hostTool)];
  const byName = new Map<string, Tool>();
  for (const tool of tools) {
    for (const name of [tool.spec.name, ...(tool.aliases ?? [])]) {
      if (byName.has(name)) throw new CodexError("usage", `two tools are called ${name}`, { hint: "Give the host's tool another name." });
      byName.set(name, tool);
    }
    if (!TOOL_NAME.test(tool.spec.name)) {
      throw new CodexError("usage", `${JSON.stringify(tool.spec.name)} cannot be a tool's name`, {
        hint: "Use 1 to 64 letters, digits, _ and -.",
      });
    }
  }
  return {
    specs: tools.map((tool) => tool.spec),
    find: (name) => byName.get(name),
    names: tools.map((tool) => tool.spec.name),
    preload: () => {
      // A body that cannot be loaded is told when it is called.
      for (const tool of tools) tool.preload?.().catch(() => undefined);
    },
  };
}
