// @ts-check
// The interfaces that are measured: ours, and those found in the folders of CODEX_BENCH_PEERS, each with a home of its own.
import { mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { call } from "../packages/core/dist/index.js";
import { findCodex, isExecutable } from "./peers.mjs";

const OURS = fileURLToPath(new URL("../packages/cli/bin/codex.js", import.meta.url));

/**
 * `ready`: the input can be written in. `steps`: what is pressed when the first start asks something. `shell`: a call of its shell tool;
 * without, it cannot be pointed at the scripted server. `detached`: it leaves processes behind that belong to it.
 * @typedef {{ name: string, argv: readonly string[], env: Readonly<Record<string, string>>, ready: RegExp, cwd: string, home: string,
 *   steps?: readonly (readonly [RegExp, string])[], shell?: (script: string) => import("@codex/core").ScriptedItem, detached?: boolean }} Interface
 */

/** @param {{ root: string, url: string }} place `url` is the scripted server's @returns {Interface[]} */
export function findInterfaces({ root, url }) {
  const cwd = join(root, "repository");
  const home = (/** @type {string} */ name) => {
    const folder = join(root, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  };
  const codex = findCodex();
  const [gemini, opencode] = ["gemini", "opencode"].map(findBin);
  return [
    ours({ cwd, url, home: home("ours") }),
    ...(codex === undefined ? [] : [nativeCodex(codex, { cwd, url, home: home("codex") })]),
    ...(gemini === undefined ? [] : [geminiCli(gemini, { cwd, home: home("gemini") })]),
    ...(opencode === undefined ? [] : [openCode(opencode, { cwd, home: home("opencode") })]),
  ];
}

/** @param {{ cwd: string, url: string, home: string }} place @returns {Interface} */
function ours({ cwd, url, home }) {
  return {
    name: "ours",
    argv: [process.execPath, OURS, "--yolo"],
    env: { HOME: home, CODEX_HOME: home, OPENAI_API_KEY: "k", OPENAI_BASE_URL: url },
    ready: /What is to be done\?/,
    cwd,
    home,
    shell: (script) => call("shell", { command: ["bash", "-c", script] }),
  };
}

/** @param {string} binary @param {{ cwd: string, url: string, home: string }} place @returns {Interface} */
function nativeCodex(binary, { cwd, url, home }) {
  const settings = `model = "gpt-6-sol"
model_provider = "bench"
approval_policy = "never"
sandbox_mode = "danger-full-access"
[model_providers.bench]
name = "bench"
base_url = "${url}"
wire_api = "responses"
env_key = "BENCH_KEY"
[projects."${cwd}"]
trust_level = "trusted"
`;
  mkdirSync(join(home, ".codex"), { recursive: true });
  writeFileSync(join(home, ".codex", "config.toml"), settings);
  return {
    name: "codex 0.169 (native)",
    argv: [binary],
    env: { HOME: home, CODEX_HOME: join(home, ".codex"), BENCH_KEY: "k" },
    ready: /^› Ask Codex/m,
    steps: [[/Use existing model/, "Down Enter"]],
    cwd,
    home,
    shell: (script) => call("exec_command", { cmd: script }),
    detached: true,
  };
}

/** It speaks a protocol of its own. @param {string} bin @param {{ cwd: string, home: string }} place @returns {Interface} */
function geminiCli(bin, { cwd, home }) {
  mkdirSync(join(home, ".gemini"), { recursive: true });
  const settings = {
    security: { auth: { selectedType: "gemini-api-key" }, folderTrust: { enabled: false } },
    general: { disableAutoUpdate: true },
  };
  writeFileSync(join(home, ".gemini", "settings.json"), JSON.stringify(settings));
  return {
    name: "gemini 0.61",
    argv: [bin],
    env: { HOME: home, GEMINI_API_KEY: "k", COLORTERM: "truecolor" },
    ready: /Type your message/,
    cwd,
    home,
  };
}

/** @param {string} bin @param {{ cwd: string, home: string }} place @returns {Interface} */
function openCode(bin, { cwd, home }) {
  return {
    name: "opencode 1.18",
    argv: [bin],
    env: { HOME: home, OPENCODE_DISABLE_AUTOUPDATE: "1" },
    ready: /Ask anything/,
    cwd,
    home,
    detached: true,
  };
}

/** @param {string} name */
function findBin(name) {
  const folders = (process.env["CODEX_BENCH_PEERS"] ?? "").split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, "node_modules", ".bin", name)).find(isExecutable);
}
