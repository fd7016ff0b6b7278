// @ts-check
// The interfaces that are measured: ours, and those found in the folders of CODEX_BENCH_PEERS, each with a home of its own.
import { mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { call } from "../packages/core/dist/index.js";
import { findCodex, isExecutable } from "./peers.mjs";

const OURS = fileURLToPath(new URL("../packages/cli/bin/codex.js", import.meta.url));

/**
 * `ready`: the input can be written in. `steps`: what is pressed when the first start asks something. `shell`: a call of its shell tool.
 * `server`: the scripted model it talks to. `mostLines`: longer conversations take it many minutes. `detached`: it leaves processes behind that belong to it.
 * @typedef {{ name: string, argv: readonly string[], env: Readonly<Record<string, string>>, ready: RegExp, cwd: string, home: string,
 *   steps?: readonly (readonly [RegExp, string])[], shell: (script: string) => import("@codex/core").ScriptedItem, server: Script, mostLines?: number, detached?: boolean }} Interface
 * @typedef {{ readonly url: string, readonly requests: { readonly length: number }, setTurns(turns: readonly import("@codex/core").ScriptedTurn[]): void }} Script
 * @typedef {{ root: string, server: Script, gemini: Script }} Place `server` speaks Responses and Chat Completions, `gemini` generateContent
 */

/** Whatever a peer wants of the network beside its model goes to a port where nobody listens. */
const NO_NETWORK = Object.fromEntries([
  ...["http_proxy", "https_proxy", "all_proxy"].flatMap((name) => [name, name.toUpperCase()].map((each) => [each, "http://127.0.0.1:9"])),
  ...["no_proxy", "NO_PROXY"].map((name) => [name, "127.0.0.1,localhost"]),
]);

/** @param {Place} place @returns {Interface[]} */
export function findInterfaces({ root, server, gemini: geminiServer }) {
  const cwd = join(root, "repository");
  const home = (/** @type {string} */ name) => {
    const folder = join(root, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  };
  const codex = findCodex();
  const [gemini, opencode] = ["gemini", "opencode"].map(findBin);
  return [
    ours({ cwd, server, home: home("ours") }),
    ...(codex === undefined ? [] : [nativeCodex(codex, { cwd, server, home: home("codex") })]),
    ...(gemini === undefined ? [] : [geminiCli(gemini, { cwd, server: geminiServer, home: home("gemini") })]),
    ...(opencode === undefined ? [] : [openCode(opencode, { cwd, server, home: home("opencode") })]),
  ];
}

/** @typedef {{ cwd: string, server: Script, home: string }} Own */

/** @param {Own} own @returns {Interface} */
function ours({ cwd, server, home }) {
  return {
    name: "ours",
    argv: [process.execPath, OURS, "--yolo"],
    env: { HOME: home, CODEX_HOME: home, OPENAI_API_KEY: "k", OPENAI_BASE_URL: server.url },
    ready: /What is to be done\?/,
    cwd,
    home,
    server,
    shell: (script) => call("shell", { command: ["bash", "-c", script] }),
  };
}

/** @param {string} binary @param {Own} own @returns {Interface} */
function nativeCodex(binary, { cwd, server, home }) {
  const settings = `model = "gpt-6-sol"
model_provider = "bench"
approval_policy = "never"
sandbox_mode = "danger-full-access"
[model_providers.bench]
name = "bench"
base_url = "${server.url}"
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
    server,
    shell: (script) => call("exec_command", { cmd: script }),
    detached: true,
  };
}

/** @param {string} bin @param {Own} own @returns {Interface} */
function geminiCli(bin, { cwd, server, home }) {
  mkdirSync(join(home, ".gemini"), { recursive: true });
  const settings = {
    security: { auth: { selectedType: "gemini-api-key" }, folderTrust: { enabled: false } },
    general: { disableAutoUpdate: true, enableAutoUpdate: false },
    privacy: { usageStatisticsEnabled: false },
    // One model for all, which is asked for the conversation and nothing else.
    model: { name: "gemini-2.5-flash", skipNextSpeakerCheck: true, disableLoopDetection: true },
  };
  writeFileSync(join(home, ".gemini", "settings.json"), JSON.stringify(settings));
  return {
    name: "gemini 0.61",
    argv: [bin, "--approval-mode=yolo"],
    env: { ...NO_NETWORK, HOME: home, GEMINI_API_KEY: "k", GOOGLE_GEMINI_BASE_URL: server.url, COLORTERM: "truecolor" },
    ready: /Type your message/,
    cwd,
    home,
    server,
    shell: (script) => call("run_shell_command", { command: script }),
  };
}

/** @param {string} bin @param {Own} own @returns {Interface} */
function openCode(bin, { cwd, server, home }) {
  const folder = join(home, ".config", "opencode");
  mkdirSync(folder, { recursive: true });
  const settings = {
    autoupdate: false,
    share: "disabled",
    permission: "allow",
    model: "bench/bench",
    small_model: "bench/bench",
    // They would ask the scripted model for more than the conversation.
    agent: { title: { disable: true }, summary: { disable: true } },
    provider: {
      bench: {
        npm: "@ai-sdk/openai-compatible",
        options: { baseURL: server.url, apiKey: "k" },
        models: { bench: { tool_call: true, limit: { context: 10_000_000, output: 100_000 } } },
      },
    },
  };
  writeFileSync(join(folder, "opencode.json"), JSON.stringify(settings));
  return {
    name: "opencode 1.18",
    argv: [bin],
    env: { ...NO_NETWORK, HOME: home, OPENCODE_DISABLE_AUTOUPDATE: "1", OPENCODE_DISABLE_MODELS_FETCH: "1" },
    ready: /Ask anything/,
    cwd,
    home,
    server,
    shell: (script) => call("bash", { command: script, description: "count" }),
    // After 9,000 lines it draws for minutes what it got, and asks for no more.
    mostLines: 5000,
    detached: true,
  };
}

/** @param {string} name */
function findBin(name) {
  const folders = (process.env["CODEX_BENCH_PEERS"] ?? "").split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, "node_modules", ".bin", name)).find(isExecutable);
}
