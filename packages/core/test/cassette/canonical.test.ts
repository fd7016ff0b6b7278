import { mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { canonicalFor } from "../../src/cassette/canonical.ts";
import { testConfig, testHost } from "./test-host.ts";

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "codex-canonical-")));
  await mkdir(join(folder, "home/project"), { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

function canonical(env: Record<string, string> = {}): ReturnType<typeof canonicalFor> {
  const home = join(folder, "home");
  const host = testHost({ env: { HOME: home, ...env }, temporaryDirectory: join(folder, "temp") });
  return canonicalFor(host, testConfig({ cwd: join(home, "project"), codexHome: join(home, ".codex") }));
}

test("places become placeholders, the innermost first, and come back", async () => {
  const { value, restore } = await canonical();
  const home = join(folder, "home");
  const text = `cat ${home}/project/a.txt ${home}/projects ${home}/.codex/config.toml ${folder}/temp. /tmp/x ${home}`;
  const hidden = value({ [`${home}/project/b`]: [text] });
  expect(hidden).toEqual({ "{{cwd}}/b": ["cat {{cwd}}/a.txt {{home}}/projects {{codex_home}}/config.toml {{tmp}}. {{tmp}}/x {{home}}"] });
  expect(restore(hidden)).toEqual({ [`${home}/project/b`]: [text.replace("/tmp/x", `${folder}/temp/x`)] });
});

test("text that looks like a placeholder is not taken for one", async () => {
  const { value, restore } = await canonical();
  for (const text of ["{{cwd}}", "a {{literal:cwd}} b", "{{other}} {{ cwd }} {{redacted}}"]) expect(restore(value(text))).toBe(text);
  expect(value("{{cwd}}")).toBe("{{literal:cwd}}");
});

test("keys of the provider, secret variables and things shaped like keys are redacted", async () => {
  const { value, request } = await canonical({ TEST_KEY: "tk-abcdef", MY_API_TOKEN: "0123456789abcdef", MONKEY: "see", SSH_KEY_FILE: "/etc/ssh/some-key-file" });
  const text = `tk-abcdef 0123456789abcdef see /etc/ssh/some-key-file ${"sk-proj-"}${"a1B2".repeat(6)} Authorization: Bearer ${"t0ken".repeat(5)}`;
  const clean = "{{redacted}} {{redacted}} see /etc/ssh/some-key-file {{redacted}} Authorization: Bearer {{redacted}}";
  expect([value(text), request(text)]).toEqual([clean, clean]);
});

test("a request's session id, date, shell and durations become placeholders", async () => {
  const { request } = await canonical();
  const context = `<environment_context>\n  <cwd>${folder}/home/project</cwd>\n  <os>linux</os>\n  <shell>/bin/zsh</shell>\n  <current_date>2026-01-02</current_date>\n  <timezone>UTC</timezone>\n  <approval_policy>never</approval_policy>\n</environment_context>`;
  const id = "0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000";
  expect(request({ prompt_cache_key: id, input: [context, `<os>kept</os> ${id}`, "Exit code: 0\nWall time: 0.1 seconds\nOutput:\n"] })).toEqual({
    prompt_cache_key: "{{session_id}}",
    input: [
      "<environment_context>\n  <cwd>{{cwd}}</cwd>\n  <os>{{os}}</os>\n  <shell>{{shell}}</shell>\n  <current_date>{{current_date}}</current_date>\n  <timezone>{{timezone}}</timezone>\n  <approval_policy>never</approval_policy>\n</environment_context>",
      "<os>kept</os> {{session_id}}",
      "Exit code: 0\nWall time: {{duration}} seconds\nOutput:\n",
    ],
  });
});
