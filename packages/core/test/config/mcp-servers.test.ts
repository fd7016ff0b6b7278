import { expect, test } from "vitest";
import { fixture } from "./config-fixture.ts";

async function messageFor(toml: string, overrides: readonly string[] = []): Promise<string> {
  const { fail } = await fixture({ ".codex/config.toml": toml });
  const { code, message } = await fail({ overrides });
  expect(code).toBe("config_invalid");
  return message.replaceAll("~/.codex/", "");
}

const STDIO = {
  enabled: true,
  required: false,
  startupTimeoutMs: 30_000,
  toolTimeoutMs: 300_000,
  supportsParallelToolCalls: false,
  enabledTools: undefined,
  disabledTools: [],
  defaultApprovalMode: "auto",
  approvalModes: {},
};

test("a server says no more than its command, and the rest has defaults", async () => {
  const { load } = await fixture({
    ".codex/config.toml":
      '[mcp_servers.b]\ncommand = "b"\n[mcp_servers.a]\ncommand = "a"\n[mcp_servers.c]\ncommand = "c"\nenabled = false\n',
  });
  const transport = { type: "stdio", args: [], env: {}, envVars: [], inheritEnv: false, cwd: undefined };
  expect((await load()).mcpServers).toEqual([
    { name: "a", transport: { ...transport, command: "a" }, ...STDIO },
    { name: "b", transport: { ...transport, command: "b" }, ...STDIO },
    { name: "c", transport: { ...transport, command: "c" }, ...STDIO, enabled: false },
  ]);
});

test("all keys of both kinds are read, with absolute folders", async () => {
  const { load, root } = await fixture({
    ".codex/config.toml": `
      [mcp_servers.files]
      command = "~/bin/files"
      args = ["-v"]
      env = { A = "1" }
      env_vars = ["B", { name = "C", source = "local" }]
      inherit_env = true
      cwd = "~/work"
      startup_timeout_ms = 1500
      tool_timeout_sec = 0.5
      required = true
      supports_parallel_tool_calls = true
      enabled_tools = ["x"]
      disabled_tools = ["y"]
      default_tools_approval_mode = "prompt"
      tools = { x = { approval_mode = "approve" }, z = {} }
      [mcp_servers.web]
      url = "https://web.example/mcp?v=1"
      bearer_token_env_var = "TOKEN"
      http_headers = { "x-a" = "1" }
      env_http_headers = { "x-b" = "B" }
      scopes = ["read"]
      oauth = { client_id = "me", client_secret_env_var = "S" }
      oauth_resource = "https://web.example"
    `,
  });
  expect((await load()).mcpServers).toEqual([
    {
      name: "files",
      transport: {
        type: "stdio",
        command: `${root}/bin/files`,
        args: ["-v"],
        env: { A: "1" },
        envVars: ["B", "C"],
        inheritEnv: true,
        cwd: `${root}/work`,
      },
      enabled: true,
      required: true,
      startupTimeoutMs: 1500,
      toolTimeoutMs: 500,
      supportsParallelToolCalls: true,
      enabledTools: ["x"],
      disabledTools: ["y"],
      defaultApprovalMode: "prompt",
      approvalModes: { x: "approve" },
    },
    {
      name: "web",
      transport: {
        type: "streamable_http",
        url: "https://web.example/mcp?v=1",
        bearerTokenEnvVar: "TOKEN",
        httpHeaders: { "x-a": "1" },
        envHttpHeaders: { "x-b": "B" },
        oauth: { clientId: "me", clientSecretEnvVar: "S", scopes: ["read"], resource: "https://web.example" },
      },
      ...STDIO,
    },
  ]);
});

test("a profile and an override change single keys of a server", async () => {
  const { load } = await fixture({
    ".codex/config.toml": '[mcp_servers.a]\ncommand = "a"\nargs = ["1"]\n[profiles.slow.mcp_servers.a]\ntool_timeout_sec = 900\n',
  });
  const [server] = (await load({ profile: "slow", overrides: ['mcp_servers.a.args=["2"]', "mcp_servers.a.required=true"] })).mcpServers;
  expect(server).toMatchObject({ transport: { command: "a", args: ["2"] }, toolTimeoutMs: 900_000, required: true });
});

test("a server that only an override names needs no file", async () => {
  const { load } = await fixture();
  expect((await load({ overrides: ['mcp_servers.a={command="a"}'] })).mcpServers.map(({ name }) => name)).toEqual(["a"]);
});

test.each([
  [
    '[mcp_servers.a]\ncommand = "a"\nurl = "https://a"\n',
    'config.toml:3:7: `mcp_servers.a` has a `command` and a `url`; keep one\n3 | url = "https://a"\n          ^',
  ],
  [
    "[mcp_servers.a]\nrequired = true\n",
    "config.toml:1:1: `mcp_servers.a` has neither a `command` to start nor a `url` to connect to\n1 | [mcp_servers.a]\n    ^",
  ],
  [
    '[mcp_servers.a]\ncommand = "a"\nscopes = ["x"]\nbearer_token_env_var = "T"\n',
    'config.toml:4:24: `mcp_servers.a.bearer_token_env_var` is not for a server that is started with `command`\n4 | bearer_token_env_var = "T"\n                           ^\nconfig.toml:3:10: `mcp_servers.a.scopes` is not for a server that is started with `command`\n3 | scopes = ["x"]\n             ^',
  ],
  [
    '[mcp_servers.a]\nurl = "https://a"\nargs = ["x"]\n',
    'config.toml:3:8: `mcp_servers.a.args` is not for a server with a `url`\n3 | args = ["x"]\n           ^',
  ],
  [
    '[mcp_servers.a]\nurl = "https://a"\nbearer_token = "sk-very-secret-indeed"\n',
    "config.toml:3:1: `mcp_servers.a.bearer_token` is refused: a token does not belong into this file. Name a variable with `bearer_token_env_var`",
  ],
  [
    '[mcp_servers.a]\ncommand = "a"\nstartup_timeout_sec = 1\nstartup_timeout_ms = 1000\n',
    "config.toml:4:22: `mcp_servers.a`: set `startup_timeout_sec` or `startup_timeout_ms`, not both\n4 | startup_timeout_ms = 1000\n                         ^",
  ],
  [
    '[mcp_servers.a]\ncommand = "a"\ndefault_tools_approval_mode = "promt"\n',
    'config.toml:3:31: `mcp_servers.a.default_tools_approval_mode`: expected one of `auto`, `prompt`, `approve`, found the string "promt"; did you mean `prompt`?\n3 | default_tools_approval_mode = "promt"\n                                  ^',
  ],
  [
    '[mcp_servers.a]\ncommand = "a"\ntool_timeout_sec = 0\n',
    "config.toml:3:20: `mcp_servers.a.tool_timeout_sec`: expected at least 0.001, found the number 0\n3 | tool_timeout_sec = 0\n                       ^",
  ],
  [
    '[mcp_servers.a]\ncommand = "a"\nenv_vars = ["A=1"]\n',
    'config.toml:3:13: `mcp_servers.a.env_vars.0` must be the name of an environment variable, never the key or value itself\n3 | env_vars = ["A=1"]\n                ^',
  ],
  [
    '[mcp_servers.a]\ncommand = "a"\nenv = { KEY = 5 }\n',
    "config.toml:3:15: `mcp_servers.a.env.KEY`: expected a string, found the number 5",
  ],
  [
    '[mcp_servers.a]\nurl = "a.example"\n',
    'config.toml:2:7: `mcp_servers.a.url` must be an http:// or https:// URL without fragment\n2 | url = "a.example"\n          ^',
  ],
])("%j is refused with its place", async (toml, message) => {
  expect(await messageFor(toml)).toBe(message);
});

test("a contradiction that an override brings in is told by the override", async () => {
  expect(await messageFor('[mcp_servers.a]\ncommand = "a"\n', ['mcp_servers.a.url="https://a"'])).toBe(
    "-c mcp_servers.a.url: `mcp_servers.a` has a `command` and a `url`; keep one",
  );
});

test("a key that is misspelt is named with the one that was meant", async () => {
  const { load } = await fixture({ ".codex/config.toml": '[mcp_servers.a]\ncommand = "a"\nenable_tools = []\n' });
  const [warning] = (await load()).warnings;
  expect(warning).toContain("config.toml:3:1: unknown key `mcp_servers.a.enable_tools`; did you mean `enabled_tools`");
});
