import { baseName, normalizePath } from "../prefix/path.ts";
import type { ShellName } from "../shell/parse.ts";
import type { ScriptAssignment, ScriptCommand } from "../shell/script-commands.ts";
import type { OpenWord, ScriptWord } from "../shell/script-word.ts";
import { computesIndex } from "./harmless.ts";
import { readOptions } from "./options.ts";
import { OPAQUE_PROGRAMS, SHELLS, WRAPPERS, type Wrapper } from "./wrapper-table.ts";

/** What a command runs beside itself. */
export type Inner =
  /** `start`: where in the words of the outer command it begins; undefined when its words are made up. */
  | {
      readonly type: "command";
      readonly words: readonly ScriptWord[];
      readonly assignments: readonly ScriptAssignment[];
      readonly start: number | undefined;
      readonly input: string | undefined;
    }
  | { readonly type: "script"; readonly script: string; readonly shell: ShellName; readonly start: number | undefined }
  | { readonly type: "opaque"; readonly reason: string };

export interface LookedThrough {
  readonly inner: readonly Inner[];
  /** The command itself does nothing but run these. */
  readonly transparent: boolean;
}

/** What a command runs, when it is a program known to run others. Undefined for all other programs. */
export function lookThrough(command: Pick<ScriptCommand, "words" | "input">, shell: ShellName): LookedThrough | undefined {
  const { words } = command;
  const [program] = words;
  if (typeof program !== "string") return undefined;
  if (computesIndex(words)) return opaque("it computes with a variable");
  const through = lookInto(plainName(program), command, shell);
  // A name in another spelling may be that of another program too.
  return through === undefined || plainName(program) === baseName(program) ? through : { ...through, transparent: false };
}

/** The file system may know a program by its name in any case. */
function plainName(program: string): string {
  const name = baseName(program)
    .toLowerCase()
    .replace(/\.exe$/u, "");
  const bare = name.replace(/-?[0-9][0-9.]*$/u, "");
  return SHELLS.has(bare) ? bare : name;
}

function lookInto(name: string, { words, input }: Pick<ScriptCommand, "words" | "input">, shell: ShellName): LookedThrough | undefined {
  const kind = SHELLS.get(name);
  if (kind !== undefined) return { inner: shellInner(words, input, kind), transparent: true };
  const special = SPECIAL.get(name);
  if (special !== undefined) return special(words, shell, input);
  if (OPAQUE_PROGRAMS.has(name)) return opaque("it runs what is not read here");
  const wrapper = WRAPPERS.get(name);
  return wrapper === undefined ? undefined : wrapped(words, wrapper, { name, input });
}

type Special = (words: readonly ScriptWord[], shell: ShellName, input: string | undefined) => LookedThrough | undefined;

const changesNames: Special = (words) => (words.length > 1 ? opaque("it changes what a name stands for") : undefined);

/** Opaque with one of these options, which may stand in a cluster. */
function withOption(letters: string, reason: string): Special {
  const pattern = new RegExp(`^-[a-zA-Z]*[${letters}]`, "u");
  return (words) => (words.some((word, at) => at > 0 && (typeof word !== "string" || pattern.test(word))) ? opaque(reason) : undefined);
}

/** Programs and builtins that find what they run in their own way. */
const SPECIAL: ReadonlyMap<string, Special> = new Map<string, Special>([
  ["find", (words) => ({ inner: findInner(words), transparent: false })],
  ["gfind", (words) => ({ inner: findInner(words), transparent: false })],
  ["fd", (words) => ({ inner: fdInner(words), transparent: false })],
  ["fdfind", (words) => ({ inner: fdInner(words), transparent: false })],
  ["watch", (words) => ({ inner: watchInner(words), transparent: false })],
  ["eval", (words, shell) => ({ inner: [joined(words, words[1] === "--" ? 2 : 1, shell)], transparent: true })],
  ["jobs", withOption("x", "it runs a command with the numbers of jobs")],
  ["trap", trapInner],
  [".", sourceInner],
  ["source", sourceInner],
  ["mapfile", withOption("C", "it runs a text for the lines it reads")],
  ["readarray", withOption("C", "it runs a text for the lines it reads")],
  ["complete", withOption("CFW", "it runs a text to complete words")],
  ["compgen", withOption("CFW", "it runs a text to complete words")],
  ["bind", withOption("x", "it gives a key a text to run")],
  ["fc", changesNames],
  ["alias", changesNames],
  ["hash", changesNames],
  ["enable", changesNames],
]);

function opaque(reason: string): LookedThrough {
  return { inner: [{ type: "opaque", reason }], transparent: false };
}

function wrapped(
  words: readonly ScriptWord[],
  wrapper: Wrapper,
  { name, input }: { readonly name: string; readonly input: string | undefined },
): LookedThrough {
  const read = readOptions(words, wrapper);
  if (read.type === "opaque") return opaque(read.reason);
  if (read.type === "nothing") return { inner: [], transparent: false };
  const assignments: ScriptAssignment[] = [];
  let { at } = read;
  for (; wrapper.assigns === true && at < words.length; at += 1) {
    const assignment = assignmentOf(words[at]);
    if (assignment === undefined) break;
    assignments.push(assignment);
  }
  const command = words.slice(at);
  if (command.length === 0) return { inner: [], transparent: false };
  if (wrapper.script?.some((option) => option === command[0]) === true) {
    return { inner: [joined(words, at + 1, "sh")], transparent: wrapper.transparent };
  }
  const final = name === "xargs" ? xargsWords(command, read.options) : command;
  return { inner: [{ type: "command", words: final, assignments, start: at, input }], transparent: wrapper.transparent };
}

function assignmentOf(word: ScriptWord | undefined): ScriptAssignment | undefined {
  if (word === undefined) return undefined;
  const text = typeof word === "string" ? word : word.prefix;
  const equals = text.indexOf("=");
  if (equals <= 0) return undefined;
  return { name: text.slice(0, equals), value: typeof word === "string" ? text.slice(equals + 1) : undefined };
}

const ANY_FILES: OpenWord = { prefix: "", many: true, source: "files" };

/** What xargs reads becomes further words, or takes the place of the mark of -I. */
function xargsWords(
  command: readonly ScriptWord[],
  options: readonly (readonly [string, ScriptWord | undefined])[],
): readonly ScriptWord[] {
  const mark = options.findLast(([name]) => name === "-I")?.[1];
  if (mark === undefined) return [...command, ANY_FILES];
  if (typeof mark !== "string" || mark === "") return [ANY_FILES];
  return command.map((word) => withMark(word, mark));
}

/** `put`: what every value that takes the place of the mark begins with. */
function withMark(word: ScriptWord, mark: string, put = ""): ScriptWord {
  if (typeof word !== "string" || !word.includes(mark)) return word;
  return { prefix: word.slice(0, word.indexOf(mark)) + put, many: false, source: "files", template: word };
}

/** All words of `words` from `start` on, joined by blanks, as a script. */
function joined(words: readonly ScriptWord[], start: number, shell: ShellName): Inner {
  const rest = words.slice(start);
  if (!rest.every((word) => typeof word === "string")) return { type: "opaque", reason: "it runs a text that is not in the script" };
  return { type: "script", script: rest.join(" "), shell, start: rest.length === 1 ? start : undefined };
}

function trapInner(words: readonly ScriptWord[], shell: ShellName): LookedThrough {
  const [action, ...signals] = words.slice(words[1] === "--" ? 2 : 1);
  if (action === undefined || action === "-" || action === "" || signals.length === 0) return { inner: [], transparent: false };
  if (typeof action !== "string") return opaque("it runs a text that is not in the script");
  if (action.startsWith("-")) return { inner: [], transparent: false };
  return { inner: [{ type: "script", script: action, shell, start: words.indexOf(action) }], transparent: true };
}

/** Names under which a program finds its own input. */
const INPUT_FILES: ReadonlySet<string> = new Set(["/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"]);

function isInputFile(word: ScriptWord): boolean {
  return typeof word === "string" && INPUT_FILES.has(normalizePath(word));
}

/** A file that stands in the text is run like a program: nothing is known of it. */
function sourceInner(words: readonly ScriptWord[], shell: ShellName, input: string | undefined): LookedThrough | undefined {
  const file = words[words[1] === "--" ? 2 : 1];
  if (file === undefined) return undefined;
  if (isInputFile(file)) return { inner: [fromInput(input, shell)], transparent: true };
  return typeof file !== "string" && file.pipe === true ? opaque("it runs a text that is not in the script") : undefined;
}

function fromInput(input: string | undefined, shell: ShellName): Inner {
  if (input !== undefined) return { type: "script", script: input, shell, start: undefined };
  return { type: "opaque", reason: "the shell runs what it is given on its input" };
}

function watchInner(words: readonly ScriptWord[]): readonly Inner[] {
  const read = readOptions(words, { ...WATCH });
  if (read.type === "opaque") return [read];
  return read.type === "nothing" ? [] : [joined(words, read.at, "sh")];
}

const WATCH: Wrapper = {
  flags: "-b --beep -c --color -C --no-color -d -e --errexit -g --chgexit -p --precise -t --no-title -w --no-wrap".split(" "),
  values: ["-n", "--interval"],
  operands: 0,
  transparent: false,
  describes: ["-h", "--help", "-v", "--version"],
  opaque: ["-x", "--exec"],
};

/** The script of a shell: after -c, from its input, or in a file, of which nothing is known. */
function shellInner(words: readonly ScriptWord[], input: string | undefined, shell: ShellName): readonly Inner[] {
  let takesScript = false;
  let at = 1;
  for (; at < words.length; at += 1) {
    const option = shellOption(words[at]);
    if (option === "operand") break;
    if (option === "describes") return [];
    if (option === "unknown") return [{ type: "opaque", reason: "it is not in the text what the shell is told to do" }];
    if (option.includes("c")) takesScript = true;
    if (/[oO]/u.test(option)) at += 1;
    if (option === "-") {
      at += 1;
      break;
    }
  }
  const operand = words[at];
  if (takesScript) return scriptOperand(operand, at, shell);
  return operand === undefined || isInputFile(operand) ? [fromInput(input, shell)] : [];
}

/** The letters of an option, with `+c` as good as `-c`; `-` for the end of the options. */
function shellOption(word: ScriptWord | undefined): string {
  if (typeof word !== "string") return word !== undefined && !word.many && /^[^-+]/u.test(word.prefix) ? "operand" : "unknown";
  if (word === "--" || word === "-") return "-";
  if (/^--(?:help|version)$/u.test(word)) return "describes";
  if (/^--(?:login|noprofile|norc|posix|restricted|verbose|noediting)$/u.test(word)) return "";
  if (!/^[-+]/u.test(word)) return "operand";
  if (!/^[-+][abcefhiklmnoprtuvxBCEHOPT]+$/u.test(word)) return "unknown";
  return word.slice(1);
}

function scriptOperand(operand: ScriptWord | undefined, start: number, shell: ShellName): readonly Inner[] {
  if (typeof operand === "string") return [{ type: "script", script: operand, shell, start }];
  const opaquePart: Inner = { type: "opaque", reason: "the script of the shell is not in the text" };
  // What will be put in may be anything, but what stands around it is run all the same.
  const template: readonly Inner[] =
    operand?.template === undefined ? [] : [{ type: "script", script: operand.template, shell, start: undefined }];
  return [...template, opaquePart];
}

const FIND_RUNS: ReadonlySet<string> = new Set(["-exec", "-execdir", "-ok", "-okdir"]);

/** The commands of -exec and its kin. */
function findInner(words: readonly ScriptWord[]): readonly Inner[] {
  const inner: Inner[] = [];
  const open = words.filter((word): word is OpenWord => typeof word !== "string");
  const ends = words.includes(";") || words.includes("+");
  const fromShell = open.filter(({ source, many, prefix }) => source === "shell" && (many || couldRun(prefix)));
  if (fromShell.some(({ many }) => many) || fromShell.length > 1 || (fromShell.length === 1 && ends)) {
    inner.push({ type: "opaque", reason: "one of the words of find is not in the text" });
  }
  for (let at = 1; at < words.length; at += 1) {
    const word = words[at];
    if (typeof word !== "string" || !FIND_RUNS.has(word)) continue;
    const put = word.endsWith("dir") ? "./" : startOfPaths(words);
    const end = words.findIndex((one, index) => index > at && (one === ";" || (one === "+" && words[index - 1] === "{}")));
    const stop = end === -1 ? words.length : end;
    const command = words.slice(at + 1, stop).map((one) => withMark(one, "{}", put));
    if (command.length > 0)
      inner.push({ type: "command", words: spread(command, words[stop], put), assignments: [], start: undefined, input: undefined });
    at = stop;
  }
  return inner;
}

function couldRun(prefix: string): boolean {
  return [...FIND_RUNS].some((action) => action.startsWith(prefix) || prefix === action);
}

/** What every path that find gives begins with: its only starting point. */
function startOfPaths(words: readonly ScriptWord[]): string {
  const end = words.findIndex((word, index) => index > 0 && (typeof word !== "string" || /^[-(!]/u.test(word)));
  const [point = ".", ...more] = words.slice(1, end === -1 ? undefined : end);
  const known = typeof point === "string" && more.length === 0 && typeof words[end] === "string";
  return known && !point.startsWith("-") ? point : "";
}

/** `{} +` stands for many files. */
function spread(command: readonly ScriptWord[], end: ScriptWord | undefined, put: string): readonly ScriptWord[] {
  return end === "+" ? [...command.slice(0, -1), { prefix: put, many: true, source: "files" }] : command;
}

function fdInner(words: readonly ScriptWord[]): readonly Inner[] {
  const inner: Inner[] = [];
  if (
    words.some(
      (word) => typeof word !== "string" && word.source === "shell" && (word.many || word.prefix === "" || word.prefix.startsWith("-")),
    )
  ) {
    inner.push({ type: "opaque", reason: "one of the words of fd is not in the text" });
  }
  for (let at = 1; at < words.length; at += 1) {
    const word = words[at];
    if (typeof word !== "string" || !/^(?:-[a-zA-Z]*[xX]|--exec(?:-batch)?)(?:$|=)/u.test(word)) continue;
    const end = words.indexOf(";", at);
    const stop = end === -1 ? words.length : end;
    const attached = word.includes("=") ? [word.slice(word.indexOf("=") + 1)] : [];
    const command = [...attached, ...words.slice(at + 1, stop)].map((one) =>
      typeof one === "string" && /\{[./]*\}/u.test(one) ? withMark(one, "{") : one,
    );
    if (command.length > 0)
      inner.push({ type: "command", words: [...command, ANY_FILES], assignments: [], start: undefined, input: undefined });
    at = stop;
  }
  return inner;
}
