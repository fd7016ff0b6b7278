import { spawn, type ChildProcess, type SpawnOptions } from "node:child_process";
import { existsSync } from "node:fs";
import { watchdogInput, watchGroup } from "./watchdog.ts";

export interface GroupStart {
  /** Absolute. */
  readonly path: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface StartedGroup {
  readonly child: ChildProcess;
  /** To be called once nothing of the group is left. */
  readonly unwatch: () => void;
}

const SHELL = "/bin/sh";

/**
 * Becomes the program after it has told the watchdog of itself: this process may be killed at any moment, also between the start of the
 * program and its being told of. The watchdog cannot take that for the end before the shell has closed its end of the pipe, too.
 */
const REGISTER = `trap : PIPE; echo "add $$" >&3 2>/dev/null; exec 3>&-; exec "$0" "$@"`;

/** Starts the program, its streams piped, as the leader of a group that does not outlive this process, however that ends. */
export async function startGroup({ path, args, cwd, env }: GroupStart): Promise<StartedGroup> {
  const options: SpawnOptions = { cwd, env, stdio: "pipe", windowsHide: true };
  if (process.platform === "win32") {
    // Windows needs help with scripts such as npx.cmd.
    const { default: crossSpawn } = await import("cross-spawn");
    return watched(crossSpawn(path, [...args], options));
  }
  const group = { ...options, detached: true };
  const input = keepsItsEnvironment(env) && existsSync(SHELL) ? watchdogInput() : undefined;
  if (input === undefined) return watched(spawn(path, args, group));
  // A shell gives those to whatever it starts.
  const own = ["PWD", "OLDPWD"].filter((name) => !Object.hasOwn(env, name));
  const script = own.length === 0 ? REGISTER : `unset ${own.join(" ")}; ${REGISTER}`;
  return watched(spawn(SHELL, ["-c", script, path, ...args], { ...group, stdio: ["pipe", "pipe", "pipe", input] }));
}

/** In the same tick as the start. */
function watched(child: ChildProcess): StartedGroup {
  return { child, unwatch: child.pid === undefined ? () => undefined : watchGroup(child.pid) };
}

/** Whether a shell hands all of it on unchanged. What does not look like one of its variables it may drop, and some have a meaning for it. */
function keepsItsEnvironment(env: GroupStart["env"]): boolean {
  return Object.keys(env).every((name) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !SPECIAL.has(name));
}

const SPECIAL: ReadonlySet<string> = new Set([
  "IFS",
  "OPTIND",
  "LINENO",
  "PPID",
  "UID",
  "EUID",
  "PS1",
  "PS2",
  "PS4",
  "BASHOPTS",
  "SHELLOPTS",
]);
