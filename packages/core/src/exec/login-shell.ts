import type { Confinement, FileSystem, Processes } from "../host/host.ts";
import { LIST_DEFINITIONS, loginSetup, parseDefinitions, type LoginSetup } from "./login-setup.ts";
import { parseShellState, PROBE, sameState, type ShellState } from "./shell-state.ts";

/** How long a login may take while it is looked at, ms. */
const PROBE_TIMEOUT_MS = 10_000;
/** A state larger than this is not worth comparing. */
const PROBE_BYTES = 4 * 1024 * 1024;

/** Files a login reads; when one changes, so may its effect. A leading `~` is the home of the command's environment. */
const PROFILE_FILES = [
  ...["/etc/profile", "/etc/profile.d", "/etc/bash.bashrc", "/etc/bashrc", "/etc/environment"],
  ...["~/.bash_profile", "~/.bash_login", "~/.profile", "~/.bashrc", "~/.bash_logout"],
];

/** Variables of ours that differ from call to call. */
const OWN_PREFIX = "CODEX_";
/** A shell sets these by itself at every start. */
const SHELLS_OWN = ["PWD", "OLDPWD", "SHLVL", "_"];

export interface ShellCall {
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** The look at a login runs under the same. */
  readonly confinement?: Confinement | undefined;
}

export type PlannedCall = Pick<ShellCall, "argv" | "env">;

/** Spares login shells (`bash -lc …`) their profile, which often costs more than the command. */
export interface LoginShells {
  /** What to run instead of `call` with the same effect, or undefined to run it as it is. */
  plan(call: ShellCall): Promise<PlannedCall | undefined>;
  /** Told after a call has run: the first of its kind starts the look at what a login does, in the background. */
  learn(call: ShellCall): void;
  /** Resolves when nothing runs in the background. */
  settled(): Promise<void>;
}

export interface LoginShellsOptions {
  readonly fs: Pick<FileSystem, "stat">;
  /** Runs the shell; under the same confinement as the commands. */
  readonly run: Processes["run"];
  /** Ends what runs in the background. */
  readonly signal: AbortSignal;
}

interface Knowledge {
  /** The call's environment, less our own variables. */
  readonly base: string;
  readonly profileStamp: string;
  /** What stands for the login; undefined when nothing does, or while that is being looked at. */
  readonly result: LoginResult | undefined;
  readonly pending: boolean;
}

/** What a login makes of an environment, and what else it defines. */
interface LoginResult {
  readonly env: Readonly<Record<string, string>>;
  readonly setup: LoginSetup | undefined;
}

/**
 * A login may be left out only where it is proven to change nothing but exported variables, functions, aliases and the shell's own
 * variables: the shell's whole state after the login is compared with its state without one, in the environment the login made and
 * with what it defined set up again. Then later calls run without it, in that way. Anything else (options, limits, traps, open files,
 * a changed directory, something printed) leaves the calls as they are. Known for bash, also under the name of sh.
 */
export function createLoginShells(options: LoginShellsOptions): LoginShells {
  const known = new Map<string, Knowledge>();
  const background = new Set<Promise<void>>();

  const look = async (shell: string, call: ShellCall): Promise<void> => {
    const base = baseOf(call.env);
    const profileStamp = await stampOf(call.env, options.fs);
    const before = known.get(keyOf(shell, call));
    if (before !== undefined && (before.pending || before.profileStamp === profileStamp)) return;
    known.set(keyOf(shell, call), { base, profileStamp, result: undefined, pending: true });
    known.set(keyOf(shell, call), { base, profileStamp, result: await provenResult(shell, call, options), pending: false });
  };

  return {
    async plan(call) {
      const login = loginCall(call.argv);
      const knowledge = login === undefined ? undefined : known.get(keyOf(login.shell, call));
      if (login === undefined || knowledge?.result === undefined || knowledge.base !== baseOf(call.env)) return undefined;
      if (knowledge.profileStamp !== (await stampOf(call.env, options.fs))) return undefined;
      return withoutLogin(login, call.env, knowledge.result);
    },
    learn(call) {
      const login = loginCall(call.argv);
      if (login === undefined || options.signal.aborted) return;
      const looking: Promise<void> = look(login.shell, call)
        .catch(() => undefined)
        .finally(() => background.delete(looking));
      background.add(looking);
    },
    async settled() {
      while (background.size > 0) await Promise.all(background);
    },
  };
}

/** What is proven for confined commands need not hold for the others: a profile may do things that the sandbox denies. */
function keyOf(shell: string, { confinement }: ShellCall): string {
  return `${confinement === undefined ? "" : JSON.stringify(confinement.policy)} ${shell}`;
}

/** The system's shells only: the look starts them once more, and whoever allowed one run of some other program did not allow that. */
const SYSTEM_SHELL = /^(?:(?:\/usr(?:\/local)?|\/opt\/homebrew)?\/bin\/)?(?:bash|sh)$/;

interface Login {
  readonly shell: string;
  readonly script: string;
}

function loginCall(argv: readonly string[]): Login | undefined {
  const [shell = "", ...rest] = argv;
  if (!SYSTEM_SHELL.test(shell)) return undefined;
  const script = rest.at(-1);
  const flags = rest.slice(0, -1).join(" ");
  return script !== undefined && (flags === "-lc" || flags === "-l -c") ? { shell, script } : undefined;
}

/** What a login leads to, when that can be had without it. */
async function provenResult(shell: string, call: ShellCall, options: LoginShellsOptions): Promise<LoginResult | undefined> {
  const first = await stateAfterLogin(shell, call, options);
  const result = first && (await proveWith(first, shell, { ...options, call }));
  if (first === undefined || result !== undefined) return result;
  // The first one may have been started another way than those after it, with descriptors that this process was started with.
  const second = await stateAfterLogin(shell, call, options);
  return second === undefined || sameState(first, second, SHELLS_OWN) ? undefined : proveWith(second, shell, { ...options, call });
}

function stateAfterLogin(shell: string, call: ShellCall, options: LoginShellsOptions): Promise<ShellState | undefined> {
  return stateOf({ ...call, argv: [shell, "-lc", PROBE] }, options);
}

async function proveWith(
  withLogin: ShellState,
  shell: string,
  { call, ...options }: LoginShellsOptions & { readonly call: ShellCall },
): Promise<LoginResult | undefined> {
  const { env } = withLogin;
  const isProven = async (result: LoginResult): Promise<boolean> => {
    const without = await stateOf({ ...call, ...withoutLogin({ shell, script: PROBE }, call.env, result) }, options);
    return without !== undefined && sameState(withLogin, afterSetup(without, result.setup), SHELLS_OWN);
  };
  const simple = { env, setup: undefined };
  if (await isProven(simple)) return simple;
  const setup = await setupOf(shell, { ...call, env: afterLogin(env, call.env) }, { ...options, loginEnv: call.env });
  return setup !== undefined && (await isProven({ env, setup })) ? { env, setup } : undefined;
}

/** What a login defines, and the shell without it in the environment that the login led to does not. */
async function setupOf(
  shell: string,
  call: ShellCall,
  { loginEnv, ...options }: LoginShellsOptions & { readonly loginEnv: ShellCall["env"] },
): Promise<LoginSetup | undefined> {
  const login = await outputOf({ ...call, env: loginEnv, argv: [shell, "-lc", LIST_DEFINITIONS] }, options);
  const plain = await outputOf({ ...call, argv: [shell, "-c", LIST_DEFINITIONS] }, options);
  const [defined, known] = [login, plain].map((output) => (output === undefined ? undefined : parseDefinitions(output)));
  return defined === undefined || known === undefined ? undefined : loginSetup(defined, known);
}

function withoutLogin({ shell, script }: Login, callEnv: ShellCall["env"], { env, setup }: LoginResult): PlannedCall {
  return { argv: [shell, "-c", `${setup?.prefix ?? ""}${script}`], env: { ...afterLogin(env, callEnv), ...setup?.env } };
}

/** The state as the script sees it: the one trace of a setup is the text that bash was given to run. */
function afterSetup(state: ShellState, setup: LoginSetup | undefined): ShellState {
  return setup === undefined ? state : { ...state, rest: state.rest.replace(setup.prefix, "") };
}

async function stateOf(call: ShellCall, options: LoginShellsOptions): Promise<ShellState | undefined> {
  const output = await outputOf(call, options);
  return output === undefined ? undefined : parseShellState(output);
}

/** What a call prints; undefined when it fails, or prints too much. */
async function outputOf({ argv, cwd, env, confinement }: ShellCall, options: LoginShellsOptions): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const onOutput = (chunk: Uint8Array): void => {
    bytes += chunk.length;
    if (bytes <= PROBE_BYTES) chunks.push(Buffer.from(chunk));
  };
  const outcome = await options.run({ argv, cwd, env, timeoutMs: PROBE_TIMEOUT_MS, confinement, onOutput }, options.signal);
  return outcome.type === "exited" && outcome.exitCode === 0 && bytes <= PROBE_BYTES ? Buffer.concat(chunks) : undefined;
}

function afterLogin(login: Readonly<Record<string, string>>, call: Readonly<Record<string, string>>): Record<string, string> {
  const fromCall = (name: string): boolean => name.startsWith(OWN_PREFIX) || SHELLS_OWN.includes(name);
  return Object.fromEntries([
    ...Object.entries(login).filter(([name]) => !fromCall(name)),
    ...Object.entries(call).filter(([name]) => fromCall(name)),
  ]);
}

function baseOf(env: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(env).filter(([name]) => !name.startsWith(OWN_PREFIX)));
}

async function stampOf(env: Readonly<Record<string, string>>, fs: Pick<FileSystem, "stat">): Promise<string> {
  const files = PROFILE_FILES.map((file) => file.replace("~", env["HOME"] ?? ""));
  const stats = await Promise.all(files.map((file) => fs.stat(file).catch(() => undefined)));
  return stats.map((stat) => (stat === undefined ? "-" : `${stat.modifiedMs}:${stat.size}`)).join(" ");
}
