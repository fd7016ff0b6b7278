// The programs that are measured: ours, and those found on PATH or in the folders of CODEX_BENCH_PEERS.
import { accessSync, constants, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { call } from "../packages/core/dist/index.js";

const OURS = fileURLToPath(new URL("../packages/cli/bin/codex.js", import.meta.url));

/**
 * A program under measurement. `prefix` starts it; `run` gives the arguments and environment of one headless turn against
 * the fake server at `url`, with everything of its own below `home`.
 * @typedef {{name: string, prefix: string[], shell: import("./cases.mjs").ShellCall, run: (url: string, home: string) => {args: string[], env: Record<string, string>}}} Peer
 */

/** @returns {Peer[]} */
export function findPeers() {
  const codex = findCodex();
  return [ours(), ...(codex === undefined ? [] : [reference(codex)])];
}

/** @returns {Peer} */
function ours() {
  return {
    name: "ours",
    prefix: [process.execPath, OURS],
    shell: (script) => call("shell", { command: ["bash", "-lc", script] }),
    run: (url, home) => ({
      args: ["exec", "--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox", "-m", "gpt-5.5", "Please do the task."],
      env: { HOME: home, CODEX_HOME: home, OPENAI_API_KEY: "test-key", OPENAI_BASE_URL: url },
    }),
  };
}

/** The native codex. @returns {Peer} */
function reference(binary) {
  return {
    name: "codex (native)",
    prefix: [binary],
    shell: (script) => call("exec_command", { cmd: script }),
    run: (url, home) => ({
      args: [
        ...[
          "exec",
          "--skip-git-repo-check",
          "--dangerously-bypass-approvals-and-sandbox",
          "-c",
          "model_provider=bench",
          "-c",
          "model=gpt-5.5",
        ],
        ...["-c", `model_providers.bench={name="bench",base_url="${url}",wire_api="responses",env_key="BENCH_KEY"}`, "Please do the task."],
      ],
      env: { HOME: home, CODEX_HOME: home, BENCH_KEY: "test-key" },
    }),
  };
}

/** An executable called codex that is not a Node program: ours must not be measured against itself. */
export function findCodex() {
  const folders = [...(process.env["CODEX_BENCH_PEERS"] ?? "").split(delimiter), ...(process.env["PATH"] ?? "").split(delimiter)].filter(
    Boolean,
  );
  for (const folder of folders) {
    const found = [join(folder, "codex"), ...nativeInstalls(folder)].find((file) => isExecutable(file) && !file.endsWith(".js"));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Where the npm package puts its native program, below a folder in which it was installed. */
function nativeInstalls(folder) {
  const scope = join(folder, "node_modules", "@openai");
  return list(scope)
    .filter((name) => name.startsWith("codex-"))
    .flatMap((name) => list(join(scope, name, "vendor")).map((target) => join(scope, name, "vendor", target, "bin", "codex")));
}

function list(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

export function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
