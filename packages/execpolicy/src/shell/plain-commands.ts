import type { AndOr, Command, PipelineNode } from "unbash";
import { readScript, type ShellName } from "./parse.ts";
import { literalWords } from "./words.ts";

/** The commands of a script in the order they are written, or why they cannot be told from the text alone. */
export type PlainCommands =
  /** At least one command; each has at least its program. The words are what the shell will pass, quotes and escapes resolved. */
  | { readonly type: "plain"; readonly commands: readonly (readonly [string, ...string[]])[] }
  /** `reason`: a clause for a person whose subject is the script, such as "it redirects". */
  | { readonly type: "not_plain"; readonly reason: string };

/**
 * Reads a script that is nothing but commands of literal words joined by `&&`, `||`, `;`, `|` or line breaks. Everything whose
 * meaning depends on the world or on another shell's reading is "not plain": expansions, globs, braces, `~` for a home folder,
 * assignments, redirections, here documents, `&`, `!`, `time`, control flow, functions, errors of syntax. `shell` is the one
 * that will run the script: what it reads otherwise than bash is not plain either.
 */
export function plainCommands(script: string, shell: ShellName = "bash"): PlainCommands {
  if (script.length > LONGEST_SCRIPT) return notPlain("it is too long");
  if (INVISIBLE.test(script)) return notPlain("it holds a control character");
  const read = readScript(script);
  if (!read.ok) return notPlain(`it cannot be read: ${read.message} (line ${read.line}, column ${read.column})`);
  const commands: [string, ...string[]][] = [];
  const spans: Span[] = [];
  for (const statement of read.statements) {
    if (statement.background === true) return notPlain("it runs something in the background");
    for (const node of joinedCommands(statement.command)) {
      const words = commandWords(node, shell);
      if (typeof words === "string") return notPlain(words);
      commands.push(words);
      if (node.type === "Command" && node.name !== undefined) spans.push(node.name, ...node.args);
    }
  }
  if (!onlySeparatorsBetween(script, spans)) return notPlain("it holds something that is neither a word nor a separator");
  return commands.length === 0 ? notPlain("it has no command") : { type: "plain", commands };
}

/** In UTF-16 units; bounds the time that reading takes. */
const LONGEST_SCRIPT = 100_000;

/** Shells disagree on control characters and drop NUL; half a surrogate pair does not survive the way to the shell. */
const INVISIBLE = /[\0-\x08\x0b-\x1f\x7f]|\p{Surrogate}/u;

type Joined = Exclude<PipelineNode, { type: "Pipeline" }> | { readonly type: "Unsupported"; readonly reason: string };

/** What `&&`, `||` and `|` join, left to right. */
function joinedCommands(node: PipelineNode | AndOr): readonly Joined[] {
  if (node.type === "AndOr") return node.commands.flatMap(joinedCommands);
  if (node.type !== "Pipeline") return [node];
  const prefix = node.prefixes[0];
  if (prefix !== undefined) return [unsupported(prefix.type === "Time" ? "it uses time" : "it uses !")];
  if (node.operators.includes("|&")) return [unsupported("it redirects")];
  return node.commands;
}

interface Span {
  readonly pos: number;
  readonly end: number;
}

/** A line may be continued after a separator only: right after a word it could go on. */
const SEPARATORS = /^(?!\\)(?:[ \t\n;|]|&&|\\\n|(?<=^|[ \t\n;|&])#[^\n]*(?![^\n]))*$/u;

/** Holds the tree against the text: what the grammar passed over must not be anything that a shell would act on. */
function onlySeparatorsBetween(script: string, words: readonly Span[]): boolean {
  const starts = [...words.map(({ pos }) => pos), script.length];
  const ends = [0, ...words.map(({ end }) => end)];
  return starts.every((start, index) => SEPARATORS.test(script.slice(ends[index], start)));
}

function commandWords(node: Joined, shell: ShellName): [string, ...string[]] | string {
  if (node.type === "Unsupported") return node.reason;
  if (node.type !== "Command") return NOT_A_COMMAND[node.type];
  const structure = unusualStructure(node);
  if (structure !== undefined) return structure;
  const words = literalWords(node.name === undefined ? [] : [node.name, ...node.args], shell);
  if (!words.ok) return words.reason;
  const [program, ...rest] = words.values;
  return program === undefined ? "it has an empty command" : [program, ...rest];
}

function unusualStructure(command: Command): string | undefined {
  const redirect = command.redirects[0];
  if (redirect !== undefined) return redirect.type === "HereDoc" ? "it has a here document" : "it redirects";
  return command.prefix.length > 0 ? "it assigns a variable" : undefined;
}

const NOT_A_COMMAND: { readonly [Type in Exclude<Joined["type"], "Command" | "Unsupported">]: string } = {
  If: "it uses if",
  For: "it uses for",
  ArithmeticFor: "it uses for",
  Select: "it uses select",
  While: "it uses a loop",
  Subshell: "it uses a subshell",
  BraceGroup: "it groups commands",
  Case: "it uses case",
  TestCommand: "it uses [[ ]]",
  ArithmeticCommand: "it uses (( ))",
  Redirected: "it redirects",
  Function: "it defines a function",
  Coproc: "it starts a coprocess",
};

function unsupported(reason: string): Joined {
  return { type: "Unsupported", reason };
}

function notPlain(reason: string): PlainCommands {
  return { type: "not_plain", reason };
}
