import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { FileSystem } from "../../src/host/host.ts";
import { loadConfig } from "../../src/config/load.ts";
import { nodeFileSystem } from "../../src/node/file-system.ts";
import { fixture } from "./config-fixture.ts";

const OPENAI = {
  id: "openai",
  name: "OpenAI",
  baseUrl: "https://api.openai.com/v1",
  envKey: "OPENAI_API_KEY",
  envKeyInstructions: "Set OPENAI_API_KEY to your key; create one at https://platform.openai.com/api-keys.",
  wireApi: "responses",
  httpHeaders: {},
  envHttpHeaders: {},
  queryParams: {},
  requestMaxRetries: 5,
  streamMaxRetries: 5,
  streamIdleTimeoutMs: 300_000,
  supportsResponseStorage: true,
};

test("without a configuration every default holds, and nothing need exist", async () => {
  const { load, home, project } = await fixture();
  expect(await load()).toEqual({
    model: "gpt-5.5",
    provider: OPENAI,
    approvalPolicy: "unless-allow-listed",
    sandboxRequire: [],
    trustedProjects: [],
    sandboxPolicy: { permissions: ["disk-full-read-access"] },
    cwd: project,
    codexHome: home,
    disableResponseStorage: false,
    mcpServers: [],
    notify: [],
    baseInstructions: undefined,
    developerInstructions: undefined,
    projectDoc: { maxBytes: 32_768, fallbackFilenames: [], rootMarkers: [".git"] },
    reasoning: { effort: undefined, summary: "auto", hide: false },
    verbosity: undefined,
    shellEnvironment: { inherit: "all", ignoreDefaultExcludes: false, exclude: [], set: {}, includeOnly: [] },
    toolOutputTokenLimit: 10_000,
    contextWindow: undefined,
    ephemeral: false,
    logDirectory: join(home, "log"),
    tui: { theme: "auto", mouse: "wheel", notifications: true, reducedMotion: false, screenReader: false, vim: false, keymap: {} },
    outputSchema: undefined,
    profile: undefined,
    warnings: [],
  });
});

test("without a configuration the only calls are one look at the cwd and one at config.toml", async () => {
  const { host, project } = await fixture();
  const calls: string[] = [];
  const counted = (name: "stat" | "realPath" | "readFile") => (path: string) => {
    calls.push(name);
    return nodeFileSystem[name](path) as never;
  };
  const fs: FileSystem = { ...nodeFileSystem, stat: counted("stat"), realPath: counted("realPath"), readFile: counted("readFile") };
  await loadConfig({ processCwd: project }, { ...host, fs });
  expect(calls.sort()).toEqual(["readFile", "realPath", "stat"]);
});

test("every setting of config.toml arrives", async () => {
  const { load, home, root } = await fixture({
    ".codex/config.toml": `
model = "m"
model_provider = "mine"
model_reasoning_effort = "xhigh"
model_reasoning_summary = "detailed"
model_verbosity = "high"
model_context_window = 1000
approval_policy = "untrusted"
sandbox_permissions = ["disk-write-folder=out", "disk-write-folder=~/data", "network-full-access"]
disable_response_storage = true
hide_agent_reasoning = true
notify = ["notify-send", "codex"]
instructions = "be brief"
developer_instructions = "in French"
project_doc_max_bytes = 0
project_doc_fallback_filenames = ["README.md"]
project_root_markers = []
tool_output_token_limit = 77
log_dir = "logs"

[projects."~/a"]
trust_level = "trusted"

[projects."/b"]
trust_level = "untrusted"

[shell_environment_policy]
inherit = "none"
ignore_default_excludes = true
exclude = ["A*"]
set = { B = "c" }
include_only = ["D"]

[tui]
theme = "light"
mouse = "off"
notifications = false
reduced_motion = true
screen_reader = true
vim = true
keymap = { quit = ["ctrl-q"] }

[model_providers.mine]
name = "Mine"
base_url = "http://127.0.0.1:1/v1/"
env_key = "MINE"
env_key_instructions = "ask"
wire_api = "chat"
http_headers = { X-A = "a" }
env_http_headers = { X-B = "B_VARIABLE" }
query_params = { q = "1" }
request_max_retries = 0
stream_max_retries = 1
stream_idle_timeout_ms = 2
supports_response_storage = true
`,
  });
  const { cwd: _, codexHome: __, ...config } = await load();
  expect(config).toEqual({
    model: "m",
    provider: {
      id: "mine",
      name: "Mine",
      baseUrl: "http://127.0.0.1:1/v1",
      envKey: "MINE",
      envKeyInstructions: "ask",
      wireApi: "chat",
      httpHeaders: { "X-A": "a" },
      envHttpHeaders: { "X-B": "B_VARIABLE" },
      queryParams: { q: "1" },
      requestMaxRetries: 0,
      streamMaxRetries: 1,
      streamIdleTimeoutMs: 2,
      supportsResponseStorage: true,
    },
    approvalPolicy: "unless-allow-listed",
    trustedProjects: [join(root, "a")],
    sandboxRequire: [],
    sandboxPolicy: {
      permissions: [
        { "disk-write-folder": { folder: join(home, "out") } },
        { "disk-write-folder": { folder: join(root, "data") } },
        "network-full-access",
      ],
    },
    disableResponseStorage: true,
    mcpServers: [],
    notify: ["notify-send", "codex"],
    baseInstructions: "be brief",
    developerInstructions: "in French",
    projectDoc: { maxBytes: 0, fallbackFilenames: ["README.md"], rootMarkers: [] },
    reasoning: { effort: "xhigh", summary: "detailed", hide: true },
    verbosity: "high",
    shellEnvironment: { inherit: "none", ignoreDefaultExcludes: true, exclude: ["A*"], set: { B: "c" }, includeOnly: ["D"] },
    toolOutputTokenLimit: 77,
    contextWindow: 1000,
    ephemeral: false,
    logDirectory: join(home, "logs"),
    tui: {
      theme: "light",
      mouse: "off",
      notifications: false,
      reducedMotion: true,
      screenReader: true,
      vim: true,
      keymap: { quit: ["ctrl-q"] },
    },
    outputSchema: undefined,
    profile: undefined,
    warnings: [],
  });
});

test("a flag beats an override beats the profile beats config.toml beats the default", async () => {
  const { load } = await fixture({ ".codex/config.toml": 'model = "file"\n[profiles.p]\nmodel = "profile"\n' });
  const layers = { overrides: ["model=override"], profile: "p", flags: { model: "flag" } };
  expect([
    (await load(layers)).model,
    (await load({ ...layers, flags: {} })).model,
    (await load({ profile: "p" })).model,
    (await load()).model,
    (await load({ ignoreUserConfig: true })).model,
  ]).toEqual(["flag", "override", "profile", "file", "gpt-5.5"]);
});

test("tables of different layers are joined, lists are replaced", async () => {
  const { load } = await fixture({
    ".codex/config.toml":
      'notify = ["a", "b"]\n[shell_environment_policy]\ninherit = "core"\nset = { A = "1" }\n[profiles.p.shell_environment_policy.set]\nB = "2"\n',
  });
  const config = await load({ profile: "p", overrides: ['notify=["c"]', "shell_environment_policy.set.C=three"] });
  expect([config.notify, config.shellEnvironment.inherit, config.shellEnvironment.set]).toEqual([
    ["c"],
    "core",
    { A: "1", B: "2", C: "three" },
  ]);
});

test("the configuration is frozen through and through, and the caller's own objects are not", async () => {
  const { load } = await fixture();
  const outputSchema = { type: "object", properties: {} };
  const config = await load({ flags: { outputSchema } });
  const open = (value: unknown): boolean =>
    typeof value === "object" && value !== null && (!Object.isFrozen(value) || Object.values(value).some(open));
  expect(open(config)).toBe(false);
  expect(Object.isFrozen(outputSchema.properties)).toBe(false);
});

test("CODEX_HOME is followed to its canonical path; relative, it starts at the process's cwd", async () => {
  const { load, root, host, project } = await fixture({ "real/config.toml": 'model = "there"' });
  await symlink(join(root, "real"), join(root, "link"));
  for (const CODEX_HOME of [join(root, "link"), "../link"]) {
    const config = await loadConfig({ processCwd: project }, { ...host, env: { CODEX_HOME } });
    expect([config.codexHome, config.model, config.logDirectory]).toEqual([join(root, "real"), "there", join(root, "real", "log")]);
  }
  // Blank counts as unset.
  expect((await loadConfig({ processCwd: project }, { ...host, env: { ...host.env, CODEX_HOME: "" } })).codexHome).toBe(
    (await load()).codexHome,
  );
});

test("a CODEX_HOME that is missing or a file, and a home that is a file, are named", async () => {
  const missing = await fixture({}, { CODEX_HOME: "nowhere" });
  expect(await missing.fail()).toEqual({
    code: "home_unusable",
    message: "CODEX_HOME is ~/project/nowhere, which does not exist",
    hint: "Make the directory, or point CODEX_HOME at an existing one.",
  });
  const file = await fixture({ "project/file": "" }, { CODEX_HOME: "file" });
  expect(await file.fail()).toMatchObject({ code: "home_unusable", message: "CODEX_HOME is ~/project/file, which is not a directory" });
  const plain = await fixture({ ".codex": "" });
  expect(await plain.fail()).toMatchObject({
    code: "home_unusable",
    message: "~/.codex is not a directory, so ~/.codex/config.toml cannot be read",
  });
});

test("with neither CODEX_HOME nor HOME there is an error, on Windows about USERPROFILE", async () => {
  const { host, project } = await fixture();
  const load = (os: "linux" | "win32") => loadConfig({ processCwd: project }, { ...host, env: {}, platform: { ...host.platform, os } });
  await expect(load("linux")).rejects.toThrow("neither CODEX_HOME nor HOME is set");
  await expect(load("win32")).rejects.toThrow("neither CODEX_HOME nor USERPROFILE is set");
});

test("the cwd is made absolute and canonical, and must be a directory", async () => {
  const { load, fail, root, project } = await fixture({ "project/sub/file": "" });
  await symlink(join(project, "sub"), join(root, "alias"));
  expect((await load({ flags: { cwd: "sub" } })).cwd).toBe(join(project, "sub"));
  expect((await load({ flags: { cwd: join(root, "alias") } })).cwd).toBe(join(project, "sub"));
  expect(await fail({ flags: { cwd: "gone" } })).toEqual({
    code: "cwd_not_found",
    message: "the working directory ~/project/gone does not exist",
    hint: undefined,
  });
  expect(await fail({ flags: { cwd: "sub/file" } })).toMatchObject({
    code: "cwd_not_found",
    message: "the working directory ~/project/sub/file is not a directory",
  });
  expect(await fail({ flags: { cwd: " " } })).toMatchObject({ code: "cwd_not_found" });
});

test("a config.toml that cannot be read is an error and not a default", async () => {
  const directory = await fixture();
  await mkdir(join(directory.home, "config.toml"), { recursive: true });
  expect(await directory.fail()).toMatchObject({ code: "config_invalid", message: "~/.codex/config.toml is a directory, not a file" });

  const circle = await fixture();
  await mkdir(circle.home);
  await symlink("config.toml", join(circle.home, "config.toml"));
  expect(await circle.fail()).toMatchObject({
    code: "config_invalid",
    message: "~/.codex/config.toml cannot be read: its symbolic links go in a circle",
  });
});

test("with several faults the same one is always reported first", async () => {
  const { fail } = await fixture({ ".codex/config.toml": "model = " });
  for (let round = 0; round < 5; round++) {
    expect((await fail({ flags: { cwd: "gone" } })).code).toBe("config_invalid");
  }
});

test("model_instructions_file replaces the instructions, from whichever layer it comes", async () => {
  const { load, fail, home } = await fixture({
    ".codex/config.toml": 'instructions = "text"\n[profiles.p]\nmodel_instructions_file = "mine.md"\n',
    "project/here.md": "here",
  });
  await writeFile(join(home, "mine.md"), "\uFEFFfrom a file\n");
  expect((await load()).baseInstructions).toBe("text");
  expect((await load({ profile: "p" })).baseInstructions).toBe("from a file\n");
  expect((await load({ overrides: ["model_instructions_file=here.md"] })).baseInstructions).toBe("here");
  expect((await load({ profile: "p", overrides: ["instructions=over"] })).baseInstructions).toBe("over");
  await writeFile(join(home, "mine.md"), "a\n\xe4", "latin1");
  expect(await fail({ profile: "p" })).toMatchObject({
    message:
      '~/.codex/config.toml:3:27: ~/.codex/mine.md:2:1: the file is not UTF-8 (byte 0xe4)\n3 | model_instructions_file = "mine.md"\n                              ^',
  });
  await writeFile(join(home, "mine.md"), " \n");
  expect((await fail({ profile: "p" })).message).toContain("~/.codex/mine.md is empty");
  expect((await fail({ overrides: ["model_instructions_file=gone.md"] })).message).toBe(
    "-c model_instructions_file: ~/project/gone.md does not exist",
  );
});
