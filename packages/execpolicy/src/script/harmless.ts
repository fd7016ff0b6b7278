import type { ScriptAssignment } from "../shell/script-commands.ts";
import type { ScriptWord } from "../shell/script-word.ts";

/** Variables that change how programs print, and nothing about what they run or where they write. */
const HARMLESS_NAMES =
  /^(?:LANG|LANGUAGE|LC_[A-Z]+|TZ|TERM|COLORTERM|COLUMNS|LINES|NO_COLOR|FORCE_COLOR|CLICOLOR|CLICOLOR_FORCE|CI|CARGO_TERM_COLOR|RUST_BACKTRACE|PYTHONUNBUFFERED|PYTHONDONTWRITEBYTECODE|NODE_ENV|DEBIAN_FRONTEND|GIT_TERMINAL_PROMPT|GIT_OPTIONAL_LOCKS|POSIXLY_CORRECT)$/u;
const PAGERS = /^(?:PAGER|GIT_PAGER|MANPAGER|SYSTEMD_PAGER)$/u;

/** Whether a command is the same with the variable set so. */
export function isHarmlessAssignment({ name, value }: ScriptAssignment): boolean {
  if (HARMLESS_NAMES.test(name)) return value !== undefined;
  return PAGERS.test(name) && (value === "" || value === "cat");
}

/** A variable of the script itself: short, in small letters, so none that programs look at. */
export function isLocalName(name: string): boolean {
  return /^[a-z][a-z0-9]{0,15}$/u.test(name);
}

/** Changes how the shell reads what follows. */
export function changesShell(name: string): boolean {
  return /^(?:BASH_ENV|ENV|PS4|PROMPT_COMMAND|SHELLOPTS|BASHOPTS|BASH_FUNC_.*|LD_PRELOAD)$/u.test(name);
}

const INERT: ReadonlySet<string> = new Set([
  "cd",
  ":",
  "true",
  "false",
  "pwd",
  "echo",
  "printf",
  "test",
  "[",
  "exit",
  "return",
  "break",
  "continue",
  "wait",
  "set",
]);

/** A builtin of the shell that runs no program and writes no file, so that it does not count beside other commands. */
export function isInert(words: readonly ScriptWord[]): boolean {
  const [program, ...args] = words;
  if (typeof program !== "string") return false;
  if (DECLARES.has(program)) return args.every(isHarmlessDeclaration);
  if (!INERT.has(program)) return false;
  if (program === "set") return args.every((arg) => typeof arg === "string" && /^(?:[-+][aeuxo]+|pipefail|errexit|nounset)$/u.test(arg));
  if (program === "wait" && args.some((arg) => typeof arg !== "string" || arg.startsWith("-"))) return false;
  if (program === "printf" && (typeof args[0] !== "string" || args[0].startsWith("-"))) return false;
  return true;
}

const DECLARES: ReadonlySet<string> = new Set(["export", "local", "readonly", "declare", "typeset"]);

function isHarmlessDeclaration(word: ScriptWord): boolean {
  if (typeof word !== "string") return false;
  if (/^-[xrg]+$/u.test(word)) return true;
  const equals = word.indexOf("=");
  const name = equals === -1 ? word : word.slice(0, equals);
  return isLocalName(name) || isHarmlessAssignment({ name, value: word.slice(name.length + 1) });
}

const COMPUTES: ReadonlySet<string> = new Set(["printf", "test", "[", "let", "read", "unset", "wait", "mapfile", "readarray", ...DECLARES]);

/** A builtin that may compute an index, in which a command may be hidden. */
export function computesIndex(words: readonly ScriptWord[]): boolean {
  const [program, ...args] = words;
  if (typeof program !== "string" || !COMPUTES.has(program)) return false;
  if (program === "let") return args.some((arg) => typeof arg !== "string" || !/^[A-Za-z_]\w*[-+*/]?=?[0-9+* ()-]*$/u.test(arg));
  const asks = program === "printf" || program === "test" || program === "[";
  const open = args.some((arg) => typeof arg !== "string" && arg.source === "shell");
  const numeric = asks && args.some((arg) => typeof arg === "string" && /^(?:-eq|-ne|-lt|-le|-gt|-ge|-v|.*%[^sqb%].*)$/su.test(arg));
  return (numeric && open) || args.some((arg) => typeof arg === "string" && /\[.*[$`]/su.test(arg));
}
