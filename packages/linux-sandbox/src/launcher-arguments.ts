import {
  fullAutoPolicy,
  isSandboxMode,
  parseSandboxPermission,
  SANDBOX_MODES,
  sandboxPolicyForMode,
  type SandboxPermission,
  type SandboxPolicy,
} from "./policy.ts";

export interface LauncherArguments {
  readonly policy: SandboxPolicy;
  readonly backend: "landlock" | "bwrap" | "auto";
  /** At least one word. */
  readonly command: readonly string[];
}

export type ParsedArguments =
  | { readonly type: "run"; readonly arguments: LauncherArguments }
  | { readonly type: "help" }
  | { readonly type: "version" }
  /** One or two sentences for a person. */
  | { readonly type: "error"; readonly message: string };

export const LAUNCHER_HELP = `Usage: codex-linux-sandbox [options] [--] COMMAND [ARGUMENT]...

Runs COMMAND so that it can do no more than was granted. Without options it may read every file, and nothing else.

  -s, --sandbox-permission PERM  grant one permission; may be repeated:
                                 disk-full-read-access, disk-write-cwd,
                                 disk-write-platform-user-temp-folder,
                                 disk-write-platform-global-temp-folder,
                                 disk-write-folder=PATH, disk-full-write-access,
                                 network-full-access
      --sandbox MODE             grant what a mode stands for: read-only,
                                 workspace-write or danger-full-access
      --full-auto                the same as --sandbox workspace-write
      --backend NAME             landlock, bwrap or auto (default): auto takes
                                 the one that can hold more of the policy
  -h, --help                     print this text
  -V, --version                  print the version

The exit code is COMMAND's own, 128+n when signal n ended it below bwrap. 127: there is no such program, 126: it cannot be run,
2: wrong usage, 1: the sandbox could not be set up.
`;

/** Reads the words after the program's name. Relative folders start at `base`. */
export function parseLauncherArguments(argv: readonly string[], base: string): ParsedArguments {
  const state: State = { permissions: [], mode: undefined, backend: "auto" };
  let index = 0;
  while (index < argv.length) {
    const word = argv[index] ?? "";
    if (word === "--") return finish(state, argv.slice(index + 1));
    if (!word.startsWith("-") || word === "-") return finish(state, argv.slice(index));
    if (word === "--help" || word === "-h") return { type: "help" };
    if (word === "--version" || word === "-V") return { type: "version" };
    const taken = takeFlag(state, argv.slice(index), base);
    if (typeof taken === "string") return { type: "error", message: taken };
    index += taken;
  }
  return finish(state, []);
}

/** How many words the flag at the head takes, or what is wrong with it. */
function takeFlag(state: State, [word = "", next]: readonly string[], base: string): number | string {
  if (word === "--full-auto") return setMode(state, word, fullAutoPolicy()) ?? 1;
  const { name, attached } = splitFlag(word);
  const take = TAKES_VALUE[name];
  if (take === undefined) return `\`${word}\` is not an option. Put -- before a command that begins with a dash.`;
  const value = attached ?? next;
  if (value === undefined || value === "--") return `${name} needs a value.`;
  return take(state, value, base) ?? (attached === undefined ? 2 : 1);
}

interface State {
  readonly permissions: SandboxPermission[];
  mode: { readonly flag: string; readonly policy: SandboxPolicy } | undefined;
  backend: LauncherArguments["backend"];
}

/** Each puts the value into the state or says what is wrong with it. */
const TAKES_VALUE: Readonly<Record<string, (state: State, value: string, base: string) => string | undefined>> = {
  "-s": takePermission,
  "--sandbox-permission": takePermission,
  "--sandbox": (state, value) =>
    isSandboxMode(value)
      ? setMode(state, "--sandbox", sandboxPolicyForMode(value))
      : `\`${value}\` is not a sandbox mode. The modes are ${SANDBOX_MODES.join(", ")}.`,
  "--backend": (state, value) => {
    if (value !== "landlock" && value !== "bwrap" && value !== "auto")
      return `\`${value}\` is not a backend. The backends are landlock, bwrap, auto.`;
    state.backend = value;
    return undefined;
  },
};

function takePermission(state: State, value: string, base: string): string | undefined {
  const parsed = parseSandboxPermission(value, base);
  if (!parsed.ok) return parsed.message;
  state.permissions.push(parsed.value);
  return undefined;
}

function setMode(state: State, flag: string, policy: SandboxPolicy): string | undefined {
  if (state.mode !== undefined) return `${state.mode.flag} and ${flag} cannot be given together.`;
  state.mode = { flag, policy };
  return undefined;
}

function finish({ permissions, mode, backend }: State, command: readonly string[]): ParsedArguments {
  if (mode !== undefined && permissions.length > 0) {
    return { type: "error", message: `${mode.flag} stands for a set of permissions and cannot be given together with -s.` };
  }
  if (command[0] === undefined || command[0] === "") return { type: "error", message: "There is no command to run." };
  const policy = mode?.policy ?? (permissions.length > 0 ? { permissions } : sandboxPolicyForMode("read-only"));
  return { type: "run", arguments: { policy, backend, command } };
}

/** `--flag=value` and `-svalue`; a permission has a `=` of its own, so only the first one counts. */
function splitFlag(word: string): { name: string; attached?: string } {
  if (word.startsWith("--")) {
    const at = word.indexOf("=");
    return at < 0 ? { name: word } : { name: word.slice(0, at), attached: word.slice(at + 1) };
  }
  return word.length > 2 ? { name: word.slice(0, 2), attached: word.slice(2) } : { name: word };
}
