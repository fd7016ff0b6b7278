import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { REPOSITORY, temporaryTree } from "./temporary-tree.ts";

function totals(reports: Readonly<Record<string, unknown>>, ...outcomes: string[]): { status: number | null; stdout: string } {
  const folder = temporaryTree(
    Object.fromEntries(Object.entries(reports).map(([name, report]) => [`${name}.json`, JSON.stringify(report)])),
  );
  const script = join(REPOSITORY, "scripts/ci-totals.mjs");
  const { status, stdout } = spawnSync(process.execPath, [script, "--folder", folder, ...outcomes], { encoding: "utf8" });
  return { status, stdout };
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
  });
});

test("failures make the exit code", () => {
  expect(totals({ test: report(120, 2, 1), check: { passed: 17, failed: 1 } }, "test=1", "check=1", "demo=1")).toEqual({
    status: 1,
    stdout: "137 passed, 5 failed\n",
  });
});

test("a step that ended badly counts a failure though its report shows none", () => {
  expect(totals({ test: report(120, 0) }, "test=1", "check=124", "demo=0")).toEqual({ status: 1, stdout: "121 passed, 2 failed\n" });
});

test("nothing run is not a success", () => {
  expect(totals({}).status).toBe(1);
});
