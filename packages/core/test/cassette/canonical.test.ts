import { expect, test } from "vitest";
import { canonicalFor } from "../../src/cassette/canonical.ts";
import type { Host } from "../../src/host/host.ts";
import { nodeFileSystem } from "../../src/node/file-system.ts";
import { testConfig, testHost } from "./test-host.ts";

const LINKS: Readonly<Record<string, string>> = { "/home/ada/project": "/disk2/project" };

function canonicalOn(
  os: NodeJS.Platform,
  places: { cwd: string; codexHome: string; temp: string; env: Record<string, string> },
): ReturnType<typeof canonicalFor> {
  const fs: Host["fs"] = { ...nodeFileSystem, realPath: async (path) => LINKS[path] ?? path };
  const host = testHost({ env: places.env, parts: { fs, platform: { os, arch: "x64", temporaryDirectory: places.temp } } });
  return canonicalFor(host, testConfig({ cwd: places.cwd, codexHome: places.codexHome }));
}

function canonical(env: Record<string, string> = {}): ReturnType<typeof canonicalFor> {
  return canonicalOn("linux", {
    cwd: "/home/ada/project",
    codexHome: "/home/ada/.codex",
    temp: "/var/temp",
    env: { HOME: "/home/ada", ...env },
  });
}

test("places become placeholders, the innermost first, and come back", async () => {
  const { value, restore } = await canonical();
  const text =
    "cat /home/ada/project/a.txt /home/ada/projects /home/ada/.codex/config.toml /var/temp. /tmp/x file:///disk2/project/b /home/ada";
  const hidden = value({ "/home/ada/project/b": [text] });
  expect(hidden).toEqual({
    "{{cwd}}/b": ["cat {{cwd}}/a.txt {{home}}/projects {{codex_home}}/config.toml {{tmp}}. {{tmp}}/x file://{{cwd}}/b {{home}}"],
  });
  expect(restore(hidden)).toEqual({
    "/home/ada/project/b": [text.replace("/tmp/x", "/var/temp/x").replace("/disk2/project", "/home/ada/project")],
  });
});

test("Windows paths are found in JSON inside a string too", async () => {
  const places = {
    cwd: "C:\\Users\\Ada\\project",
    codexHome: "C:\\Users\\Ada\\.codex",
    temp: "C:\\Temp",
    env: { USERPROFILE: "C:\\Users\\Ada" },
  };
  const here = await canonicalOn("win32", places);
  const there = await canonicalOn("win32", { ...places, cwd: "D:\\x" });
  const args = { arguments: JSON.stringify({ workdir: "C:\\Users\\Ada\\project\\src" }), cwd: places.cwd };
  expect(here.value(args)).toEqual({ arguments: '{"workdir":"{{cwd_json}}\\\\src"}', cwd: "{{cwd}}" });
  expect(there.restore(here.value(args))).toEqual({ arguments: JSON.stringify({ workdir: "D:\\x\\src" }), cwd: "D:\\x" });
});

test("text that looks like a placeholder is not taken for one", async () => {
  const { value, restore } = await canonical();
  for (const text of ["{{cwd}}", "a {{literal:cwd}} b", "{{other}} {{ cwd }} {{redacted}}"]) expect(restore(value(text))).toBe(text);
  expect(value("{{cwd}}")).toBe("{{literal:cwd}}");
});

test("keys of the provider, secret variables and things shaped like keys are redacted", async () => {
  const { value, request } = await canonical({
    TEST_KEY: "tk-abcdef",
    MY_API_TOKEN: "0123456789abcdef",
    MONKEY: "see",
    SSH_KEY_FILE: "/etc/ssh/some-key-file",
  });
  const text = `tk-abcdef 0123456789abcdef see /etc/ssh/some-key-file ${"sk-proj-"}${"a1B2".repeat(6)} Authorization: Bearer ${"t0ken".repeat(5)}`;
  const clean = "{{redacted}} {{redacted}} see /etc/ssh/some-key-file {{redacted}} Authorization: Bearer {{redacted}}";
  expect([value(text), request(text)]).toEqual([clean, clean]);
});

test("a request's session id, date, shell and durations become placeholders", async () => {
  const { request } = await canonical();
  const context = `<environment_context>\n  <cwd>/home/ada/project</cwd>\n  <os>linux</os>\n  <shell>/bin/zsh</shell>\n  <current_date>2026-01-02</current_date>\n  <timezone>UTC</timezone>\n  <approval_policy>never</approval_policy>\n</environment_context>`;
  const id = "0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000";
  expect(
    request({ prompt_cache_key: id, input: [context, `<os>kept</os> ${id}`, "Exit code: 0\nWall time: 0.1 seconds\nOutput:\n"] }),
  ).toEqual({
    prompt_cache_key: "{{session_id}}",
    input: [
      "<environment_context>\n  <cwd>{{cwd}}</cwd>\n  <os>{{os}}</os>\n  <shell>{{shell}}</shell>\n  <current_date>{{current_date}}</current_date>\n  <timezone>{{timezone}}</timezone>\n  <approval_policy>never</approval_policy>\n</environment_context>",
      "<os>kept</os> {{session_id}}",
      "Exit code: 0\nWall time: {{duration}} seconds\nOutput:\n",
    ],
  });
});
