import { spawn } from "node:child_process";
import { writeSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { isAbsolute, normalize } from "node:path";
import { prepareBwrap, wantsScopes } from "./bwrap.ts";
import { commandBelow } from "./command-below.ts";
import { confineThread, sandboxEnvironment } from "./confine.ts";
import { DEFAULT_PATH, findBwrap, findProgram } from "./find-program.ts";
import { landlockAbi } from "./landlock.ts";
import { LAUNCHER_HELP, parseLauncherArguments, type LauncherArguments } from "./launcher-arguments.ts";
import { compilePlan, type Plan } from "./plan.ts";
import { isUnrestricted } from "./policy.ts";
import { chooseBackend, tryBwrap, type Support } from "./probe.ts";
import { openLibc, type Libc } from "./syscalls.ts";
import { packageVersion } from "./version.ts";

/**
 * The command line `codex-linux-sandbox`: confines itself and becomes the command, or runs it below bwrap. Ends with the
 * command's exit code (2: wrong usage, 126 or 127: the command could not be run, 1: the sandbox is not available).
 */
export async function main(argv: readonly string[]): Promise<void> {
  const parsed = parseLauncherArguments(argv, process.cwd());
  switch (parsed.type) {
    case "help":
      writeSync(1, LAUNCHER_HELP);
      return;
    case "version":
      writeSync(1, `${packageVersion()}\n`);
      return;
    case "error":
      return fail(2, `${parsed.message}\nTry --help.`);
    case "run":
      return run(parsed.arguments);
  }
}

async function run({ policy, backend, command }: LauncherArguments): Promise<void> {
  if (process.platform !== "linux") return fail(1, "this launcher works on Linux only");
  const libc = openLibc();
  // Descriptors that the caller left open are nothing that a confined command may use.
  libc.closeAllOnExec(3);
  if (isUnrestricted(policy)) return become(command, libc);

  const home = process.env["CODEX_HOME"] ?? "";
  const agent = isAbsolute(home) ? { agentFolder: normalize(home) } : {};
  const context = { cwd: process.cwd(), platform: process.platform, temporaryDirectory: tmpdir(), ...agent };
  const plan = compilePlan(policy, context);
  const support = await supportFor(backend, { plan, libc, cwd: context.cwd });
  const choice = chooseBackend(plan, backend === "bwrap" ? { ...support, landlockAbi: 0 } : support, []);
  if (choice.backend === "none") return fail(1, `${choice.reason}\n${choice.hint}`);
  Object.assign(process.env, sandboxEnvironment(plan, choice.backend));
  if (choice.backend === "bwrap" && support.bwrap !== undefined) {
    return runBelowBwrap(plan, command, { libc, bwrap: support.bwrap, abi: support.landlockAbi });
  }
  if (backend === "auto" && choice.missing.length > 0) {
    const why = support.reasons.map((reason) => ` (${reason})`).join("");
    say(`not guaranteed here: ${choice.missing.join(", ")}${why}`);
  }
  try {
    confineThread(plan, "plan", libc);
  } catch (error) {
    return fail(1, `the sandbox could not be set up: ${messageOf(error)}`);
  }
  return become(command, libc);
}

/** What may be chosen from, tried only as far as the choice needs it. */
async function supportFor(
  backend: LauncherArguments["backend"],
  { plan, libc, cwd }: { plan: Plan; libc: Libc; cwd: string },
): Promise<Support> {
  const kernel = { landlockAbi: landlockAbi(libc), seccomp: true, reasons: [] };
  if (backend === "landlock") return kernel;
  const withoutBwrap = chooseBackend(plan, kernel, []);
  if (backend === "auto" && withoutBwrap.backend === "landlock" && withoutBwrap.missing.length === 0) return kernel;
  const path = findBwrap(process.env["PATH"] ?? "", cwd);
  const tried = path === undefined ? { ok: false as const, reason: "bubblewrap (bwrap) is not installed" } : await tryBwrap(path);
  return tried.ok ? { ...kernel, bwrap: tried.bwrap } : { ...kernel, reasons: [tried.reason] };
}

function become(command: readonly string[], libc: Libc): void {
  for (const descriptor of [0, 1, 2]) {
    try {
      libc.setCloseOnExec(descriptor, false);
    } catch {
      // Not open: the command gets it closed too.
    }
  }
  libc.resetIgnoredSignals();
  const errno = libc.execvp(command);
  const why = errno === constants.errno.ENOENT ? "missing" : "forbidden";
  fail(why === "missing" ? 127 : 126, cannotRun(command, why));
}

function cannotRun([name = ""]: readonly string[], why: "missing" | "forbidden"): string {
  return `${name}: ${why === "missing" ? "no such program" : "cannot be executed"}`;
}

async function runBelowBwrap(
  plan: Plan,
  command: readonly string[],
  tools: { libc: Libc; bwrap: NonNullable<Support["bwrap"]>; abi: number },
): Promise<void> {
  const { libc, bwrap, abi } = tools;
  const program = findProgram(command[0] ?? "", process.env["PATH"] ?? DEFAULT_PATH, process.cwd());
  if (program !== "found") return fail(program === "missing" ? 127 : 126, cannotRun(command, program));
  const env = Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined));
  const prepared = prepareBwrap(plan, bwrap, { argv: command, cwd: process.cwd() });
  if (!prepared.ok) return fail(1, `${prepared.stale.join(", ")} changed while the sandbox was being set up`);
  const { launch } = prepared;
  if (wantsScopes(plan, abi)) confineThread(plan, "scopes", libc);
  const child = spawn(launch.file, launch.args, { stdio: ["inherit", "inherit", "inherit", ...launch.descriptors], env });
  const forward = (signal: NodeJS.Signals): void => {
    const below = child.pid === undefined ? undefined : commandBelow(child.pid);
    if (below === undefined) child.kill(signal);
    else process.kill(below, signal);
  };
  for (const signal of FORWARDED) process.on(signal, forward);
  const ended = await new Promise<{ code: number | null; signal: NodeJS.Signals | null } | Error>((resolve) => {
    child.once("spawn", launch.spawned);
    child.once("error", (error) => {
      launch.spawned();
      resolve(error);
    });
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
  const { violated } = launch.ended();
  for (const signal of FORWARDED) process.off(signal, forward);
  if (violated.length > 0) say(`changed although protected: ${violated.join(", ")}`);
  if (ended instanceof Error) return fail(1, `bwrap could not be started: ${ended.message}`);
  if (ended.signal !== null) process.kill(process.pid, ended.signal);
  process.exitCode = ended.code ?? 1;
}

const FORWARDED = [
  "SIGTERM",
  "SIGINT",
  "SIGHUP",
  "SIGQUIT",
  "SIGUSR1",
  "SIGUSR2",
  "SIGCONT",
  "SIGWINCH",
] as const satisfies readonly NodeJS.Signals[];

function fail(code: number, message: string): void {
  say(message);
  process.exitCode = code;
}

function say(message: string): void {
  // Not process.stderr: it would make the descriptor non-blocking for the command as well.
  writeSync(2, `codex-linux-sandbox: ${message}\n`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
