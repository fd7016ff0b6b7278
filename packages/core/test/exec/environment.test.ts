import { expect, test } from "vitest";
import type { ShellEnvironmentPolicy } from "../../src/config/config.ts";
import { childEnvironment } from "../../src/exec/environment.ts";

const OWN = {
  NO_COLOR: "1",
  TERM: "dumb",
  PAGER: "cat",
  GIT_PAGER: "cat",
  GH_PAGER: "cat",
  GIT_TERMINAL_PROMPT: "0",
  CODEX_SESSION_ID: "s1",
  CODEX_THREAD_ID: "s1",
};

test("all is inherited but what looks like a secret and what describes the agent's terminal", () => {
  const env = {
    ...{
      PATH: "/bin",
      HOME: "/h",
      EDITOR: "vi",
      PWD: "/agent",
      OLDPWD: "/",
      TERM: "xterm",
      COLORTERM: "truecolor",
      FORCE_COLOR: "1",
      GONE: undefined,
    },
    ...{ MY_API_KEY: "1", aws_secret_x: "2", GH_TOKEN: "3", DB_PASSWORD: "4", CREDENTIALS_FILE: "5" },
  };
  expect(build({}, env)).toEqual({ PATH: "/bin", HOME: "/h", EDITOR: "vi", ...OWN });
});

test("core inherits a short list, none nothing", () => {
  const env = { PATH: "/bin", HOME: "/h", EDITOR: "vi", LC_ALL: "C", LANG: "C", TMPDIR: "/t", Path: "C:\\", SystemRoot: "C:\\Windows" };
  const { EDITOR: _, ...core } = env;
  expect(build({ inherit: "core" }, env)).toEqual({ ...core, ...OWN });
  expect(build({ inherit: "none" }, env)).toEqual(OWN);
});

test("secrets are inherited when asked for, the provider's key never", () => {
  const env = { MY_API_KEY: "1", OPENAI_API_KEY: "2", Provider_Thing: "3" };
  expect(build({ ignoreDefaultExcludes: true }, env, ["OPENAI_API_KEY", "PROVIDER_THING"])).toEqual({ MY_API_KEY: "1", ...OWN });
  expect(build({ set: { OPENAI_API_KEY: "mine" } }, { OPENAI_API_KEY: "2" }, ["OPENAI_API_KEY"])).toEqual({
    OPENAI_API_KEY: "mine",
    ...OWN,
  });
});

test("exclude takes away, set adds and replaces, include_only has the last word", () => {
  const env = { AWS_REGION: "r", AZURE_X: "x", HOME: "/h", B1: "1", B22: "22" };
  expect(build({ exclude: ["aws_*", "B??"] }, env)).toEqual({ AZURE_X: "x", HOME: "/h", B1: "1", ...OWN });
  expect(build({ exclude: ["HOME"], set: { HOME: "/other", NEW: "n" }, includeOnly: ["*o*"] }, env)).toEqual({
    HOME: "/other",
    AWS_REGION: "r",
    ...OWN,
  });
});

test("what the user sets comes before the defaults for work without a terminal", () => {
  expect(build({ set: { TERM: "xterm", PAGER: "less" } }, {})).toEqual({ ...OWN, TERM: "xterm", PAGER: "less" });
});

test("the session's own variables cannot be replaced", () => {
  const policy = { ...POLICY, set: { CODEX_SESSION_ID: "fake" }, includeOnly: ["NOTHING"] };
  expect(childEnvironment(policy, {}, { sessionId: "s1", secretNames: [] })).toEqual(OWN);
});

test("patterns with many stars are matched in no time", () => {
  const name = "A".repeat(3000);
  expect(build({ exclude: [`${"*A".repeat(200)}*B`] }, { [name]: "1" })).toEqual({ [name]: "1", ...OWN });
});

const POLICY: ShellEnvironmentPolicy = { inherit: "all", ignoreDefaultExcludes: false, exclude: [], set: {}, includeOnly: [] };

function build(
  policy: Partial<ShellEnvironmentPolicy>,
  env: Record<string, string | undefined>,
  secretNames: readonly string[] = [],
): Record<string, string> {
  return childEnvironment({ ...POLICY, ...policy }, env, { sessionId: "s1", secretNames });
}
