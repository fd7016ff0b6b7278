// What the demo's session is: shared by the script that shows it and the one that records it.
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { devNull, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

export const EXAMPLE = join(ROOT, "examples/settle-up");
export const CASSETTE = join(ROOT, "examples/settle-up.cassette.jsonl");
export const CODEX = join(ROOT, "packages/cli/bin/codex.js");
export const PROMPT = "A test fails. Find out why, fix the cause, cover it with a test, and run all the tests again.";
export const FLAGS = ["--full-auto"];
/** For a machine that cannot confine commands: the demo's copy is thrown away afterwards. */
export const UNCONFINED_FLAGS = ["--dangerously-bypass-approvals-and-sandbox"];
export const TEST_COMMAND = ["node", "--test", "--test-reporter=spec"];

/** Ends the script unless the command line was built. */
export function requireBuild() {
  if (existsSync(join(ROOT, "packages/cli/dist/main.js"))) return;
  throw new Error("the command line is not built yet; run `npx -y pnpm@12.21.0 build` first, or `npx -y pnpm@12.21.0 demo` for all of it");
}

/** A fresh copy of the example as a git repository with one commit, and an empty Codex home beside it. */
export function makeWorkspace() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "codex-demo-")));
  const project = join(folder, "settle-up");
  const codexHome = join(folder, "codex-home");
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  try {
    cpSync(EXAMPLE, project, { recursive: true });
    mkdirSync(codexHome, { mode: 0o700 });
    git(project, ["init", "--quiet", "--initial-branch=main"]);
    git(project, ["add", "--all"]);
    git(project, ["commit", "--quiet", "--message=Share the costs of a trip"]);
    return { project, codexHome, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Whether commands can be confined on this machine, found out by confining one. */
export function canConfine(codexHome) {
  const args = [CODEX, "sandbox", "--", process.execPath, "--eval", ""];
  return spawnSync(process.execPath, args, { env: agentEnvironment(codexHome), stdio: "ignore", timeout: 30_000 }).status === 0;
}

/** The cassette of a session that was not confined: the model was told other permissions, everything else is the same. */
export function unconfinedCassette(cassette) {
  const full = JSON.stringify(JSON.stringify(["disk-full-read-access", "disk-full-write-access", "network-full-access"])).slice(1, -1);
  return cassette
    .replace(/(<approval_policy>)[^<]*(<)/, "$1never$2")
    .replace(/(<sandbox_permissions>)[^<]*(<)/, (_, begin, end) => `${begin}${full}${end}`);
}

/** Runs git without anybody's configuration. Returns what it printed. */
export function git(cwd, args) {
  const settings = ["user.name=Codex demo", "user.email=demo@example.com", "core.autocrlf=false", "commit.gpgsign=false"];
  const env = { ...process.env, GIT_CONFIG_GLOBAL: devNull, GIT_CONFIG_NOSYSTEM: "1" };
  try {
    return execFileSync("git", [...settings.flatMap((setting) => ["-c", setting]), ...args], { cwd, env, encoding: "utf8" });
  } catch (error) {
    throw error.code === "ENOENT" ? new Error("git is needed, and there is none on PATH") : error;
  }
}

/** The environment of the agent: an empty Codex home and nothing that changes what it asks the model. */
export function agentEnvironment(codexHome, more = {}) {
  const kept = Object.entries(process.env).filter(([name]) => !/^(OPENAI_|CODEX_|NODE_TEST_CONTEXT$|NODE_V8_COVERAGE$|VITEST)/.test(name));
  return { ...Object.fromEntries(kept), CODEX_HOME: codexHome, ...more };
}
