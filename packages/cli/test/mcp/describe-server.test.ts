import type { McpServerConfig, McpTransport } from "@codex/core";
import { expect, test } from "vitest";
import { serverJson, serverLine, serverLines } from "../../src/mcp/describe-server.ts";

function server(transport: McpTransport): McpServerConfig {
  return {
    name: "a",
    transport,
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
}

const STDIO = server({
  type: "stdio",
  command: "npx",
  args: ["-y", "thing", "--api-key", "hunter2", "--token=hunter2", "sk-abcdefgh12345", "--secret-file", "-v", "/data"],
  env: { KEY: "hunter2" },
  envVars: ["B"],
  inheritEnv: false,
  cwd: undefined,
});
const HTTP = server({
  type: "streamable_http",
  url: "https://user:hunter2@a.example/mcp?key=hunter2",
  httpHeaders: { Authorization: "hunter2" },
  envHttpHeaders: { "x-a": "A" },
  bearerTokenEnvVar: undefined,
  oauth: { clientId: undefined, clientSecretEnvVar: undefined, scopes: undefined, resource: undefined },
});

test("secrets are covered in every form", () => {
  for (const one of [STDIO, HTTP]) {
    const shown = [JSON.stringify(serverJson(one, "unsupported")), serverLine(one), ...serverLines(one, "unsupported")].join("\n");
    expect(shown).not.toContain("hunter2");
    expect(shown).not.toContain("sk-abc");
  }
  expect(serverLine(STDIO)).toBe("npx -y thing --api-key ***** --token=***** ***** --secret-file -v /data");
  expect(serverLine(HTTP)).toBe("https://*****:*****@a.example/mcp?key=*****");
});

test("the JSON form has the documented keys", () => {
  expect(serverJson(STDIO, "unsupported")).toEqual({
    name: "a",
    enabled: true,
    disabled_reason: null,
    required: false,
    transport: {
      type: "stdio",
      command: "npx",
      args: ["-y", "thing", "--api-key", "*****", "--token=*****", "*****", "--secret-file", "-v", "/data"],
      env: { KEY: "*****" },
      env_vars: ["B"],
      inherit_env: false,
      cwd: null,
    },
    startup_timeout_sec: 30,
    tool_timeout_sec: 300,
    enabled_tools: null,
    disabled_tools: [],
    default_tools_approval_mode: "auto",
    tools: {},
    auth_status: "unsupported",
  });
});
