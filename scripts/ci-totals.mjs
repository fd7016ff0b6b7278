// @ts-check
// Adds up what .ci/run ran, repeats what failed and prints the one closing line; exits 1 when anything failed.
// Usage: node scripts/ci-totals.mjs --folder DIR STEP=EXITCODE...
//   DIR may hold STEP.json (the test runner's report, or {"passed","failed"}) and STEP.log (what it printed); a step without a report
//   counts as one.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

/** @typedef {{ passed: number, failed: number }} Totals */
/** @typedef {{ status: string, fullName?: string, failureMessages?: string[] }} TestResult */
/** @typedef {{ status: string, name?: string, message?: string, assertionResults: TestResult[] }} FileResult */

const LOG_LINES = 60;
const MESSAGE_CHARACTERS = 2000;

const { values, positionals } = parseArgs({ allowPositionals: true, options: { folder: { type: "string" } } });
let passed = 0;
let failed = 0;
for (const outcome of positionals) {
  const [name = "", code] = outcome.split("=");
  const totals = ofStep(name, code === "0");
  passed += totals.passed;
  failed += totals.failed;
  if (totals.failed > 0) console.log(whyFailed(name, code));
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
 * The failed tests with the start of their messages, and the end of what the step printed when no test of it failed.
 * @param {string} name
 * @param {string | undefined} code
 * @returns {string}
 */
function whyFailed(name, code) {
  /** @type {{ testResults?: FileResult[] } | undefined} */
  const report = read(join(values.folder ?? ".", `${name}.json`));
  const tests = (report?.testResults ?? []).flatMap((file) => [
    ...(isUnloaded(file) ? [`${file.name}\n${file.message}`] : []),
    ...file.assertionResults
      .filter(({ status }) => status === "failed")
      .map(({ fullName, failureMessages }) => `${file.name}: ${fullName}\n${failureMessages?.join("\n")}`),
  ]);
  const log = join(values.folder ?? ".", `${name}.log`);
  const printed = existsSync(log) ? readFileSync(log, "utf8").trimEnd().split("\n").slice(-LOG_LINES).join("\n") : "";
  const why = tests.length > 0 ? tests.map((test) => test.slice(0, MESSAGE_CHARACTERS)).join("\n\n") : printed;
  return `== ${name} failed with exit ${code}${code === "124" ? " (out of time)" : ""}\n${why}\n`;
}

/**
 * A file that could not be loaded has no tests in the report, but it failed.
 * @param {{ numPassedTests: number, numFailedTests: number, testResults: FileResult[] }} report
 * @returns {Totals}
 */
function ofTests({ numPassedTests, numFailedTests, testResults }) {
  return { passed: numPassedTests, failed: numFailedTests + testResults.filter(isUnloaded).length };
}

/** @param {FileResult} file */
function isUnloaded({ status, assertionResults }) {
  return status === "failed" && !assertionResults.some((test) => test.status === "failed");
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
