import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { checkCall } from "../../src/legacy/check.ts";
import { DEFAULT_POLICY } from "../../src/legacy/default-policy.ts";
import { loadLegacyPolicy } from "../../src/legacy/load.ts";
import { requireSafeExitCode } from "../../src/legacy/verdict.ts";

interface Case {
  readonly policy?: string;
  readonly argv: readonly [string, ...string[]];
  readonly result: "safe" | "match" | "forbidden" | "unverified";
  readonly exit: number;
  readonly flags?: readonly string[];
  readonly opts?: unknown;
  readonly args?: unknown;
  readonly system_path?: unknown;
  readonly reason?: string;
  readonly cause?: unknown;
  readonly error?: Readonly<Record<string, unknown>>;
}

const CASES = readFileSync(new URL("fixtures/cases.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Case);

describe("every case is judged as it should be", () => {
  test.each(CASES.map((one, index) => [`${index}: ${one.argv.join(" ")}`, one] as const))("%s", (_, wanted) => {
    const loaded = loadLegacyPolicy({ path: "a.policy", text: wanted.policy ?? DEFAULT_POLICY });
    if (!loaded.ok) throw new Error(loaded.error.message);
    const [program, ...args] = wanted.argv;

    const verdict = checkCall(loaded.policy, { program, args });

    expect(JSON.parse(JSON.stringify(verdict))).toMatchObject(wantedVerdict(wanted));
    expect(requireSafeExitCode(verdict)).toBe(wanted.exit);
  });
});

function wantedVerdict(wanted: Case): object {
  const { result, reason, cause, error, opts, args, system_path } = wanted;
  if (result === "unverified") return { result, error };
  if (result === "forbidden") return { result, reason, cause };
  return { result, match: { program: wanted.argv[0], flags: wanted.flags?.map((name) => ({ name })), opts, args, system_path } };
}

test("the built-in policy and the file beside the package are one text", () => {
  expect(readFileSync(new URL("../../default.policy", import.meta.url), "utf8")).toBe(DEFAULT_POLICY);
});
