/** Why the arguments make a command more than a reader; undefined when they do not. */
type ArgumentRule = (args: readonly string[], place: CommandPlace) => string | undefined;

export interface CommandPlace {
  /** The command stands in a shell script and may read from a pipe. */
  readonly inScript: boolean;
}

/**
 * The programs that only read and cannot be made to start another one, with the rules for their arguments where some could.
 * `cargo` and most of `git` are missing on purpose: files of the project decide which programs they run.
 */
const KNOWN_PROGRAMS: ReadonlyMap<string, ArgumentRule> = new Map<string, ArgumentRule>([
  ...["cat", "cd", "cut", "echo", "expr", "false", "grep", "head", "id", "ls", "nl", "numfmt", "paste", "pwd", "rev", "seq", "stat"].map(
    anyArguments,
  ),
  ...["tac", "tail", "tr", "true", "uname", "wc", "which", "whoami"].map(anyArguments),
  ["base64", base64],
  ["find", find],
  ["git", git],
  ["rg", ripgrep],
  ["sed", sed],
  ["uniq", uniq],
]);

/** `argv` starts with the bare name of a program. Undefined = known to be safe; otherwise a clause for a person. */
export function unsafeReason(program: string, args: readonly string[], place: CommandPlace): string | undefined {
  const rule = KNOWN_PROGRAMS.get(program);
  return rule === undefined ? `\`${program}\` is not on the list of commands that only read` : rule(args, place);
}

function anyArguments(program: string): [string, ArgumentRule] {
  return [program, () => undefined];
}

const FIND_ACTIONS: ReadonlySet<string> = new Set([
  "-exec",
  "-execdir",
  "-ok",
  "-okdir",
  "-delete",
  "-fls",
  "-fprint",
  "-fprint0",
  "-fprintf",
]);

function find(args: readonly string[]): string | undefined {
  const action = args.find((arg) => FIND_ACTIONS.has(arg));
  return action === undefined ? undefined : `\`find ${action}\` can change files or run programs`;
}

function ripgrep(args: readonly string[]): string | undefined {
  const risky = args.find((arg) => /^--(?:pre|hostname-bin|search-zip|pre-glob)(?:=|$)/u.test(arg) || /^-[^-]*z/u.test(arg));
  return risky === undefined ? undefined : `\`rg ${risky}\` can run another program`;
}

function base64(args: readonly string[]): string | undefined {
  const risky = args.find((arg) => arg.startsWith("--o") || /^-[^-]*o/u.test(arg));
  return risky === undefined ? undefined : `\`base64 ${risky}\` can write a file`;
}

/** Its second operand is the file it writes. */
function uniq(args: readonly string[]): string | undefined {
  const operands = args.filter(
    (arg) =>
      !/^-(?:[cdDuiz]+|[fsw]\d+)$|^--(?:count|repeated|unique|ignore-case|zero-terminated)$|^--(?:skip-fields|skip-chars|check-chars)=\d+$/u.test(
        arg,
      ),
  );
  const readsOnly = operands.length === 0 || (operands.length === 1 && (operands[0] === "-" || operands[0]?.startsWith("-") === false));
  return readsOnly ? undefined : "`uniq` with a second file writes it";
}

/** Prints lines by number and nothing else: any other script, and any option in the place of the file, can write or run things. */
function sed(args: readonly string[], { inScript }: CommandPlace): string | undefined {
  const [quiet, range, file, ...more] = args;
  const printsLines = quiet === "-n" && range !== undefined && /^\d+(?:,\d+)?p$/u.test(range) && more.length === 0;
  const readsFile = file === undefined ? inScript : file !== "" && !file.startsWith("-");
  return printsLines && readsFile ? undefined : "`sed` is known to be safe only as `sed -n M,Np FILE`";
}

const REV_PARSE_WORDS: ReadonlySet<string> = new Set([
  ...["--show-toplevel", "--show-prefix", "--show-cdup", "--git-dir", "--absolute-git-dir", "--git-common-dir"],
  ...["--is-inside-work-tree", "--is-inside-git-dir", "--is-bare-repository", "--abbrev-ref", "--symbolic-full-name", "--verify", "HEAD"],
]);

/**
 * Only forms that look at references and settings. Whatever reads the index, the working tree or objects can run a program
 * that the repository's own settings name: core.fsmonitor (status, diff), filters (diff), diff drivers and textconv (diff, show,
 * log -p), gpg.program (log with log.showSignature), a promisor remote's transport (anything that misses an object).
 */
function git(args: readonly string[]): string | undefined {
  const [command, ...rest] = args;
  const form = rest.join(" ");
  const safe =
    (command === "--version" && form === "") ||
    (command === "version" && form === "") ||
    (command === "branch" && form === "--show-current") ||
    (command === "remote" && ["", "-v", "--verbose"].includes(form)) ||
    (command === "symbolic-ref" && ["HEAD", "--short HEAD", "-q HEAD", "--quiet HEAD"].includes(form)) ||
    (command === "rev-parse" && rest.length > 0 && rest.every((word) => REV_PARSE_WORDS.has(word)));
  return safe ? undefined : "this form of `git` can run programs that the repository's settings name, or write";
}
