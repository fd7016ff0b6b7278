/**
 * What a login defines that the environment alone cannot carry (functions, aliases, variables of the shell itself), made again without
 * the login: bash takes functions from its environment, and one more that comes with them sets the rest and puts itself away.
 */
export interface LoginSetup {
  /** Goes before the script, on its first line, so that its line numbers stay. */
  readonly prefix: string;
  readonly env: Readonly<Record<string, string>>;
}

/** One definition of a shell: its kind, its name and the text that bash lists it by. */
interface Definition {
  readonly kind: "function" | "variable" | "alias";
  readonly name: string;
  readonly text: string;
}

/** A script that lists what is defined in the shell it runs in; each field ends with NUL, which no definition holds. */
export const LIST_DEFINITIONS = [
  '[ -n "${BASH_VERSION-}" ] || exit 9',
  "printf 'begin\\0'",
  `compgen -A function | while IFS= read -r __n; do printf 'function\\0%s\\0' "$__n"; declare -f "$__n"; printf '\\0'; done`,
  `compgen -A variable | while IFS= read -r __n; do printf 'variable\\0%s\\0' "$__n"; declare -p "$__n" 2>/dev/null; printf '\\0'; done`,
  `compgen -A alias | while IFS= read -r __n; do printf 'alias\\0%s\\0' "$__n"; alias "$__n"; printf '\\0'; done`,
  "printf 'end\\0'",
  "exit 0",
].join("\n");

const SETUP = "__codex_login_setup";
/** Linux takes 128 KiB for one variable, name included. */
const MOST_BYTES_OF_ONE = 120 * 1024;
const MOST_BYTES = 512 * 1024;
/** What bash sets by itself, or only allows itself to set. */
const SHELLS_OWN =
  /^(?:_|PPID|PWD|OLDPWD|SHLVL|SHELLOPTS|LINENO|RANDOM|SRANDOM|SECONDS|PIPESTATUS|OPTIND|OPTERR|UID|EUID|GROUPS|FUNCNAME|DIRSTACK|HISTCMD|EPOCH\w+|BASH|BASHOPTS|BASHPID|BASH_\w+)$/;

/** Undefined when anything else was printed too. */
export function parseDefinitions(output: Buffer): readonly Definition[] | undefined {
  const text = output.toString("utf8");
  const fields = text.split("\0");
  if (text.includes("\uFFFD") || fields[0] !== "begin" || fields.at(-2) !== "end" || fields.at(-1) !== "") return undefined;
  const definitions: Definition[] = [];
  for (let at = 1; at + 2 < fields.length - 1; at += 3) {
    const [kind, name = "", body = ""] = fields.slice(at, at + 3);
    if (kind !== "function" && kind !== "variable" && kind !== "alias") return undefined;
    definitions.push({ kind, name, text: body.trimEnd() });
  }
  return definitions;
}

/** What makes a shell that has `plain` into one that has `login`; undefined where that cannot be done. It remains to be proven by trying. */
export function loginSetup(login: readonly Definition[], plain: readonly Definition[]): LoginSetup | undefined {
  const known = new Set(plain.map(keyOf));
  const added = login.filter((each) => !known.has(keyOf(each)) && !(each.kind === "variable" && SHELLS_OWN.test(each.name)));
  const functions = added.filter(({ kind }) => kind === "function");
  const lines = [
    ...added.flatMap(({ kind, text }) => (kind === "alias" ? [text] : kind === "variable" ? globally(text) : [])),
    `export -fn ${[...functions.map(({ name }) => name), SETUP].join(" ")}`,
    `unset -f ${SETUP}`,
  ];
  const bodies = functions.map(({ name, text }) => [name, text.slice(text.indexOf("{"))] as const);
  const env = Object.fromEntries([...bodies, [SETUP, `{\n${lines.join("\n")}\n}`] as const].map(([name, body]) => exported(name, body)));
  const sizes = Object.entries(env).map(([name, value]) => Buffer.byteLength(name + value));
  const isSmall = sizes.every((size) => size <= MOST_BYTES_OF_ONE) && sizes.reduce((sum, size) => sum + size, 0) <= MOST_BYTES;
  return isSmall && functions.every(({ name }) => PLAIN_NAME.test(name)) ? { prefix: `${SETUP}; `, env } : undefined;
}

/** A name that stands in a list of words as it is. */
const PLAIN_NAME = /^[\w:.@+-]+$/;

function keyOf({ kind, name, text }: Definition): string {
  return `${kind} ${name} ${text}`;
}

/** How bash writes and reads a function in the environment. */
function exported(name: string, body: string): [name: string, value: string] {
  return [`BASH_FUNC_${name}%%`, `() ${body}`];
}

/** `declare -a x=…` as it has to be said in a function. What is only exported comes with the environment. */
function globally(text: string): string[] {
  return text === "" || text.startsWith("declare -x ") ? [] : [text.replace(/^declare /, "declare -g ")];
}
