import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { REPOSITORY, temporaryTree } from "./temporary-tree.ts";

/** `stdout` is the closing line, `before` what stands above it. A report that is text is what the step printed. */
function totals(reports: Readonly<Record<string, unknown>>, ...outcomes: string[]) {
  const folder = temporaryTree(
    Object.fromEntries(
      Object.entries(reports).map(([name, report]) =>
        typeof report === "string" ? [`${name}.log`, report] : [`${name}.json`, JSON.stringify(report)],
      ),
    ),
  );
  const script = join(REPOSITORY, "scripts/ci-totals.mjs");
  const { status, stdout } = spawnSync(process.execPath, [script, "--folder", folder, ...outcomes], { encoding: "utf8" });
  const [closing = "", ...before] = stdout.trimEnd().split("\n").reverse();
  return { status, stdout: `${closing}\n`, before: before.reverse().join("\n") };
}

const report = (passed: number, failed: number, unloaded = 0) => ({
  numPassedTests: passed,
  numFailedTests: failed,
  testResults: [
    { status: "failed", assertionResults: [{ status: failed > 0 ? "failed" : "passed" }] },
    ...Array.from({ length: unloaded }, () => ({ status: "failed", assertionResults: [] })),
  ].slice(failed > 0 ? 0 : 1),
});

test("tests, checks and the demo are added up", () => {
  expect(totals({ test: report(120, 0), check: { passed: 18, failed: 0 } }, "test=0", "check=0", "demo=0")).toEqual({
    status: 0,
    stdout: "139 passed, 0 failed\n",
    before: "",
  });
});

test("failures make the exit code", () => {
  expect(totals({ test: report(120, 2, 1), check: { passed: 17, failed: 1 } }, "test=1", "check=1", "demo=1")).toMatchObject({
    status: 1,
    stdout: "137 passed, 5 failed\n",
  });
});

test("a step that ended badly counts a failure though its report shows none", () => {
  expect(totals({ test: report(120, 0) }, "test=1", "check=124", "demo=0")).toMatchObject({
    status: 1,
    stdout: "121 passed, 2 failed\n",
  });
});

test("the end of the output says why a step failed: its failed tests, else the last lines that it printed", () => {
  const failing = {
    ...report(3, 1),
    testResults: [
      {
        status: "failed",
        name: "a.test.ts",
        assertionResults: [{ status: "failed", fullName: "adds up", failureMessages: ["expected 3 to be 4"] }],
      },
    ],
  };
  expect(totals({ test: failing, check: "linting\nno such file", demo: "fine" }, "test=1", "check=124", "demo=0")).toEqual({
    status: 1,
    stdout: "4 passed, 2 failed\n",
    before: `== test failed with exit 1
a.test.ts: adds up
expected 3 to be 4

== check failed with exit 124 (out of time)
linting
no such file
`,
  });
});

test("nothing run is not a success", () => {
  expect(totals({}).status).toBe(1);
});
