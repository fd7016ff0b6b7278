import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { JUDGES, newerNode } from "../support/judges.ts";

const CLIENT = fileURLToPath(new URL("../support/conformance-client.mjs", import.meta.url));
const node = newerNode();
if (node === undefined) console.log("skipped: the conformance suite needs Node 22, which is installed beside it on Linux x64 only");

/** What the suite prints about our client; it exits with 0 when all checks passed. */
async function judge(...options: readonly string[]): Promise<{ readonly code: number; readonly output: string }> {
  const cwd = mkdtempSync(join(tmpdir(), "conformance-"));
  onTestFinished(() => rmSync(cwd, { recursive: true }));
  const args = [JUDGES.conformance, "client", "--command", `${process.execPath} ${CLIENT}`, ...options];
  return new Promise((resolve) => {
    execFile(node ?? "", args, { cwd, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr });
    });
  });
}

describe.skipIf(node === undefined)("the conformance suite passes the client", () => {
  test.each([
    "initialize",
    "tools_call",
    "sse-retry",
    "elicitation-sep1034-client-defaults",
    "auth/2025-03-26-oauth-metadata-backcompat",
    "auth/2025-03-26-oauth-endpoint-fallback",
    "auth/resource-mismatch",
    "auth/offline-access-scope",
    "auth/offline-access-not-supported",
  ])("in %s", async (scenario) => {
    const { code, output } = await judge("--scenario", scenario);
    expect(output).toContain("OVERALL: PASSED");
    expect(code).toBe(0);
  });

  test("in the whole of its authorization scenarios", async () => {
    const { code, output } = await judge("--suite", "auth");
    expect(output).toMatch(/Total: \d{3} passed, 0 failed, 0 warnings/);
    expect(code).toBe(0);
  });
});
