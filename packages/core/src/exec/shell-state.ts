/** Everything a bash script can see of the shell it runs in. */
export interface ShellState {
  readonly env: Readonly<Record<string, string>>;
  /** Functions, aliases, options, variables, limits and so on, as the shell lists them. */
  readonly rest: string;
}

/**
 * A script that prints the state of the shell it runs in, between marks: so a profile that prints something is noticed,
 * and, since it ends with `exit`, a logout script that does too.
 */
export const PROBE = [
  '[ -n "${BASH_VERSION-}" ] || exit 9',
  "printf '\\036%s\\n' begin",
  "declare -F; declare -f; alias -p; shopt -p; set +o; trap -p; enable -n",
  "umask; ulimit -Sa; ulimit -Ha; pwd",
  'printf "%s\\n" "$0" "$#" "$@" /dev/fd/*',
  "declare -p",
  "printf '\\036%s\\n' env",
  "command env -0 || exit 9",
  "printf '\\036%s\\n' end",
  "exit 0",
].join("\n");

/** Undefined when anything else was printed too. */
export function parseShellState(output: Buffer): ShellState | undefined {
  // One character per byte: an environment need not be UTF-8, but one that is not cannot be passed on unharmed.
  const text = output.toString("utf8");
  if (text.includes("\uFFFD")) return undefined;
  const begin = "\x1ebegin\n";
  const env = "\x1eenv\n";
  const end = "\x1eend\n";
  const envAt = text.lastIndexOf(env);
  if (!text.startsWith(begin) || !text.endsWith(end) || envAt < 0) return undefined;
  return {
    env: parseEnvironment(text.slice(envAt + env.length, -end.length)),
    rest: text
      .slice(begin.length, envAt)
      .split("\n")
      .filter((line) => !VOLATILE.test(line))
      .join("\n"),
  };
}

/** Whether two states are the same, but for the variables in `ignored`. */
export function sameState(a: ShellState, b: ShellState, ignored: readonly string[]): boolean {
  return a.rest === b.rest && comparable(a.env, ignored) === comparable(b.env, ignored);
}

/** Variables that differ from start to start, what names the login itself, and tables of what was looked up or matched last. */
const VOLATILE = new RegExp(
  "^(?:" +
    "shopt -[su] login_shell$" +
    "|declare -\\S+ (?:BASHOPTS|BASHPID|BASH_ARGC|BASH_ARGV|BASH_CMDS|BASH_MONOSECONDS|BASH_REMATCH|EPOCHREALTIME|EPOCHSECONDS|LINENO|PIPESTATUS|PPID|RANDOM|SECONDS|SHLVL|SRANDOM|_)(?:=|$)" +
    ")",
);

function parseEnvironment(text: string): Record<string, string> {
  const entries = text
    .split("\0")
    .filter((entry) => entry !== "")
    .map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]);
  return Object.fromEntries(entries) as Record<string, string>;
}

function comparable(env: Readonly<Record<string, string>>, ignored: readonly string[]): string {
  const entries = Object.entries(env).filter(([name]) => !ignored.includes(name));
  return JSON.stringify(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
