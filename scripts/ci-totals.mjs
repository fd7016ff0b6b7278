// @ts-check
// Adds up what .ci/run ran and prints the one closing line; exits 1 when anything failed.
// Usage: node scripts/ci-totals.mjs --folder DIR STEP=EXITCODE...
//   DIR may hold test.json (the test runner's report) and check.json ({"passed","failed"}); a step without a file counts as one.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

/** @typedef {{ passed: number, failed: number }} Totals */

const { values, positionals } = parseArgs({ allowPositionals: true, options: { folder: { type: "string" } } });
let passed = 0;
let failed = 0;
for (const outcome of positionals) {
  const [name = "", code] = outcome.split("=");
  const totals = ofStep(name, code === "0");
  passed += totals.passed;
  failed += totals.failed;
}
console.log(`${passed} passed, ${failed} failed`);
if (failed > 0 || passed === 0) process.exitCode = 1;

/**
 * A step that ended badly counts at least one failure, whatever its report says.
 * @param {string} name
 * @param {boolean} ok
 * @returns {Totals}
 */
function ofStep(name, ok) {
  const report = read(join(values.folder ?? ".", `${name}.json`));
  if (report === undefined) return ok ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  const totals = Array.isArray(report.testResults) ? ofTests(report) : { passed: report.passed, failed: report.failed };
  return ok ? totals : { ...totals, failed: Math.max(1, totals.failed) };
}

/**
 * A file that could not be loaded has no tests in the report, but it failed.
 * @param {{ numPassedTests: number, numFailedTests: number, testResults: { status: string, assertionResults: { status: string }[] }[] }} report
 * @returns {Totals}
 */
function ofTests({ numPassedTests, numFailedTests, testResults }) {
  const unloaded = testResults.filter(
    ({ status, assertionResults }) => status === "failed" && !assertionResults.some((test) => test.status === "failed"),
  );
  return { passed: numPassedTests, failed: numFailedTests + unloaded.length };
}

/** @param {string} file */
function read(file) {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
