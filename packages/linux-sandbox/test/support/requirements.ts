import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { probeSupport } from "../../src/probe.ts";
import { PYTHON } from "./fixture.ts";

const support = await probeSupport();
const REQUIRED = process.env["CODEX_REQUIRE_SANDBOX"] === "1";

/** What keeps a test from running here, in words; undefined: nothing does. */
const OBSTACLES = {
  landlock: support.landlockAbi >= 3 && support.seccomp ? undefined : `needs Landlock: ${support.reasons.join(" ")}`,
  scopes: support.landlockAbi >= 6 ? undefined : `needs Landlock with scopes (Linux 6.12), this kernel has ABI ${support.landlockAbi}`,
  bwrap: support.bwrap === undefined ? `needs bubblewrap: ${support.reasons.join(" ")}` : undefined,
  root: process.getuid?.() === 0 ? undefined : "needs to run as root",
  setpriv: works("setpriv", ["--version"]) ? undefined : "needs setpriv (util-linux)",
  git: works("git", ["--version"]) ? undefined : "needs git",
  python: existsSync(PYTHON) ? undefined : `needs ${PYTHON}`,
} satisfies Record<string, string | undefined>;

export type Requirement = keyof typeof OBSTACLES;

/**
 * For `test.skipIf`: true when one of the requirements is not met, with the reason on the console. With CODEX_REQUIRE_SANDBOX=1
 * nothing is skipped: it throws instead, so that a machine which should try everything notices when it does not.
 */
export function missing(...requirements: readonly Requirement[]): boolean {
  const obstacle = requirements.map((requirement) => OBSTACLES[requirement]).find((reason) => reason !== undefined);
  if (obstacle === undefined) return false;
  if (REQUIRED) throw new Error(`CODEX_REQUIRE_SANDBOX=1, but this test ${obstacle}`);
  console.warn(`a test is skipped: it ${obstacle}`);
  return true;
}

function works(file: string, args: string[]): boolean {
  try {
    execFileSync(file, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
