import { expect, test } from "vitest";
import { fixture } from "./config-fixture.ts";

async function messageFor(toml: string | Uint8Array, sources: { strict?: boolean; profile?: string } = {}): Promise<string> {
  const { fail } = await fixture({ ".codex/config.toml": toml });
  const { code, message } = await fail(sources);
  expect(code).toBe("config_invalid");
  return message.replaceAll("~/.codex/", "");
}

test("malformed TOML is shown with file, line, column and the line itself", async () => {
  expect(await messageFor('# first\nmodel = "o3\n')).toBe(
    'config.toml:2:12: malformed TOML: the string is not closed\n2 | model = "o3\n               ^',
  );
  expect(await messageFor("model =\n")).toBe("config.toml:1:8: malformed TOML: invalid value\n1 | model =\n           ^");
  expect(await messageFor("model = gpt-5.5\n")).toBe(
    "config.toml:1:9: malformed TOML: invalid value; text needs quotes\n1 | model = gpt-5.5\n            ^",
  );
  expect(await messageFor("[model_providers\n")).toMatch(/^config\.toml:1:17: malformed TOML/);
  expect(await messageFor('model = "a"\r\n\tmodel = "b"\r\n')).toBe(
    'config.toml:2:2: malformed TOML: trying to redefine an already defined table or value\n2 | \tmodel = "b"\n    \t^',
  );
});

test("a file that is not UTF-8 is named with the first bad byte", async () => {
  expect(await messageFor(Buffer.from('model = "gr\xfcn"\n', "latin1"))).toBe("config.toml:1:12: the file is not UTF-8 (byte 0xfc)");
  expect(await messageFor(Buffer.from('\uFEFFmodel = "x"\n', "utf16le"))).toBe("config.toml:1:1: the file is UTF-16; save it as UTF-8");
  const { load } = await fixture({ ".codex/config.toml": '\uFEFFmodel = "\uFFFD"\n' });
  expect((await load()).model).toBe("\uFFFD");
});

test.each([
  ["model = 5", "config.toml:1:9: `model`: expected a string, found the number 5\n1 | model = 5\n            ^"],
  [
    "disable_response_storage = 'yes'",
    "config.toml:1:28: `disable_response_storage`: expected true or false, found the string \"yes\"\n1 | disable_response_storage = 'yes'\n                               ^",
  ],
  [
    "model_context_window = 1.5",
    "config.toml:1:24: `model_context_window`: expected a whole number, found the number 1.5\n1 | model_context_window = 1.5\n                           ^",
  ],
  [
    "project_doc_max_bytes = -1",
    "config.toml:1:25: `project_doc_max_bytes`: expected at least 0, found the number -1\n1 | project_doc_max_bytes = -1\n                            ^",
  ],
  ["notify = 'x'", "config.toml:1:10: `notify`: expected a list, found the string \"x\"\n1 | notify = 'x'\n             ^"],
  ["notify = [\n  'x', # first\n  2,\n]", "config.toml:3:3: `notify.1`: expected a string, found the number 2\n3 |   2,\n      ^"],
  [
    "sandbox_workspace_write = 2025-01-01",
    "config.toml:1:27: `sandbox_workspace_write`: expected a table, found a date or time\n1 | sandbox_workspace_write = 2025-01-01\n                              ^",
  ],
  ["model = { a = 1 }", "config.toml:1:9: `model`: expected a string, found a table\n1 | model = { a = 1 }\n            ^"],
  [
    "approval_policy = 'sometimes'",
    "config.toml:1:19: `approval_policy`: expected one of `unless-allow-listed`, `untrusted`, `auto-edit`, `on-failure`, `on-request`, `never`, found the string \"sometimes\"\n1 | approval_policy = 'sometimes'\n                      ^",
  ],
  [
    "sandbox_mode = 'workspace_write'",
    "config.toml:1:16: `sandbox_mode`: expected one of `read-only`, `workspace-write`, `danger-full-access`, found the string \"workspace_write\"; did you mean `workspace-write`?\n1 | sandbox_mode = 'workspace_write'\n                   ^",
  ],
  [
    "model_verbosity = 3",
    "config.toml:1:19: `model_verbosity`: expected one of `low`, `medium`, `high`, found the number 3\n1 | model_verbosity = 3\n                      ^",
  ],
  ["log_dir = ''", "config.toml:1:11: `log_dir` must not be empty\n1 | log_dir = ''\n              ^"],
  [
    "[shell_environment_policy]\ninherit.deep = 1",
    "config.toml:2:16: `shell_environment_policy.inherit`: expected one of `core`, `all`, `none`, found a table\n2 | inherit.deep = 1\n                   ^",
  ],
  [
    '[profiles."my profile"]\nmodel = true',
    'config.toml:2:9: `profiles."my profile".model`: expected a string, found true\n2 | model = true\n            ^',
  ],
  [
    "model_providers.x = { wire_api = 'chat', base_url = 'ftp://h' }",
    "config.toml:1:53: `model_providers.x.base_url` must be an http:// or https:// URL without query or fragment; use `query_params` for a query\n1 | model_providers.x = { wire_api = 'chat', base_url = 'ftp://h' }\n                                                        ^",
  ],
  [
    "instructions = 'a'\nmodel_instructions_file = 'b'",
    "config.toml:2:1: set `instructions` or `model_instructions_file`, not both\n2 | model_instructions_file = 'b'\n    ^",
  ],
])("%j is refused at its place, with what was expected and found", async (toml, message) => {
  expect(await messageFor(toml)).toBe(message);
});

test("all wrong values of a file are reported at once", async () => {
  expect((await messageFor("model = 1\nnotify = 2\n")).match(/^config\.toml:\d+:\d+/gm)).toEqual(["config.toml:1:9", "config.toml:2:10"]);
});

test("an unknown key is a warning with its place and the near key, and an error when strict", async () => {
  const toml =
    'modle = "x"\nmodel = "m"\n[model_providers.a]\nbase_url = "http://h"\nwire-api = "chat"\n[zzgarden]\ntheme = "dark"\n[profiles.p]\nmodel_reasoning_efort = "high"\n';
  const { load, root } = await fixture({ ".codex/config.toml": toml });
  const config = await load();
  expect(config.model).toBe("m");
  const expected = [
    "config.toml:5:1: unknown key `model_providers.a.wire-api`; did you mean `wire_api`?",
    "config.toml:9:1: unknown key `profiles.p.model_reasoning_efort`; did you mean `model_reasoning_effort`?",
    "config.toml:1:1: unknown key `modle`; did you mean `model`?",
    "config.toml:6:2: unknown key `zzgarden`",
  ];
  expect(config.warnings.map((warning) => warning.replace(`${root}/.codex/`, ""))).toEqual(expected);
  expect(await messageFor(toml, { strict: true })).toBe(expected.join("\n"));
});

test("secrets in a configuration never reach a message", async () => {
  const secrets = [
    "model = 5 # sk-proj-secretsecret",
    'model_providers.a = { env_key = "s3cr3t-key" }',
    'model_providers.a.http_headers = { Authorization = "Bearer secret", X = "a\\u0000secret" }',
    'model_providers.a.http_headers.Authorization = ["secret"]',
    'model_providers.a.http_headers = { "Bad Name" = "secret" }',
    'model_providers.a.query_params.key = { secret = 1, x = "secret" }',
    'shell_environment_policy.set = "secret"',
    'experimental_bearer_token = "secret',
    'model_providers.a.http_headers = { Authorization = "Bearer secret" ',
  ];
  for (const toml of secrets.slice(0, 7)) expect(await messageFor(toml)).not.toMatch(/s[3e]cr[3e]t(?!` )/);
  expect(await messageFor(secrets[8] ?? "")).not.toContain("secret");
  expect(await messageFor("sandbox_mode = 'sk-secretsecret'")).toContain('found the string "***************"');
});

test("an env_key that is the key itself is explained", async () => {
  expect(await messageFor('[model_providers.a]\nenv_key = "s3cr3t-key"\n')).toBe(
    "config.toml:2:11: `model_providers.a.env_key` must be the name of an environment variable, never the key or value itself",
  );
});

test("control characters in a damaged file cannot reach the terminal, and long lines are cut round the place", async () => {
  const message = await messageFor(`x = "${"a".repeat(200)}\u001b[2J" ${"b".repeat(200)}`);
  expect(message).not.toContain("\u001b");
  const [, line = "", caret = ""] = message.split("\n");
  expect(line.length).toBeLessThan(160);
  expect(line[caret.length - 1]).toBe("\uFFFD");
});
