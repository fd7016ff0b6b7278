import { forEachChild, type Assignment, type Command, type Pipeline, type Redirect, type SyntaxNode, type Word } from "unbash";
import { readScript, type ShellName } from "./parse.ts";
import { readScriptWord, type OpenWord, type ScriptWord } from "./script-word.ts";
import { hasLeftover } from "./leftover.ts";
import { opaqueConstruct } from "./opaque-construct.ts";

/** One simple command, wherever in the script it stands. */
export interface ScriptCommand {
  /** Program and arguments; empty for a command that only assigns or redirects. */
  readonly words: readonly ScriptWord[];
  /** What is set for this command alone or, when there are no words, for the rest of the script. */
  readonly assignments: readonly ScriptAssignment[];
  /** What it is fed by a here document or string, when that is literal. */
  readonly input: string | undefined;
  /** It stands by itself or is joined to others by `&&`, `||`, `;` and `|` alone, and nothing is set or redirected for it. */
  readonly plain?: boolean;
  readonly place: ScriptPlace;
}

export interface ScriptAssignment {
  readonly name: string;
  /** Undefined when the text alone does not tell it. */
  readonly value: string | undefined;
}

/** Line and column in the script, from 1. */
export interface ScriptPlace {
  readonly line: number;
  readonly column: number;
}

/** A file that a redirection writes; undefined when the text alone does not tell which. */
export interface ScriptWrite {
  readonly path: string | undefined;
  readonly place: ScriptPlace;
}

/** A stretch that may do what no command of the list says. `reason`: a clause whose subject is the script. */
export interface OpaqueStretch {
  readonly reason: string;
  readonly place: ScriptPlace;
}

/** All that a script may run and write, in the order of its text, whatever runs when. */
export interface ScriptCommands {
  readonly commands: readonly ScriptCommand[];
  readonly writes: readonly ScriptWrite[];
  readonly opaque: readonly OpaqueStretch[];
  /** Names of the functions it defines. */
  readonly functions: readonly string[];
}

/**
 * Collects every simple command of a script: those in pipelines, lists, subshells, control flow, functions, substitutions and here
 * documents too. A word need not be literal. What cannot be read at all is an opaque stretch.
 */
export function scriptCommands(script: string, shell: ShellName): ScriptCommands {
  const found: Found = { commands: [], writes: [], opaque: [], functions: [], shell };
  const start = { line: 1, column: 1 };
  if (script.length > LONGEST_SCRIPT) return onlyOpaque("it is too long", start);
  if (INVISIBLE.test(script)) return onlyOpaque("it holds a control character", start);
  const read = readScript(script);
  if (!read.ok) return onlyOpaque(`it cannot be read: ${read.message}`, { line: read.line, column: read.column });
  if (hasLeftover(script, read.statements)) return onlyOpaque("it holds something that is no part of a command", start);
  const lines = lineStarts(script);
  for (const statement of read.statements) collect(statement, found, { lines, fixed: undefined, joined: true });
  return found;
}

/** In UTF-16 units; bounds the time that reading takes. */
const LONGEST_SCRIPT = 100_000;

/** Shells disagree on control characters and drop NUL; half a surrogate pair does not survive the way to the shell. */
const INVISIBLE = /[\0-\x08\x0b-\x1f\x7f]|\p{Surrogate}/u;

interface Found {
  readonly commands: ScriptCommand[];
  readonly writes: ScriptWrite[];
  readonly opaque: OpaqueStretch[];
  readonly functions: string[];
  readonly shell: ShellName;
}

/** `fixed`: the place of a nested script whose own offsets do not count in the whole text. */
interface Text {
  readonly lines: readonly number[];
  readonly fixed: ScriptPlace | undefined;
  /** Nothing but lists and pipelines stand around it. */
  readonly joined: boolean;
}

function onlyOpaque(reason: string, place: ScriptPlace): ScriptCommands {
  return { commands: [], writes: [], opaque: [{ reason, place }], functions: [] };
}

function lineStarts(script: string): readonly number[] {
  return [0, ...[...script.matchAll(/\n/gu)].map(({ index }) => index + 1)];
}

function placeOf(offset: number, text: Text): ScriptPlace {
  if (text.fixed !== undefined) return text.fixed;
  const line = text.lines.findLastIndex((start) => start <= offset);
  return { line: line + 1, column: offset - (text.lines[line] ?? 0) + 1 };
}

function collect(node: SyntaxNode, found: Found, text: Text): void {
  const reason = opaqueConstruct(node, found.shell);
  if (reason !== undefined) found.opaque.push({ reason, place: placeOf(node.pos, text) });
  if (node.type === "Pipeline") {
    const fault = node.commands.length === 0 ? "it has an empty command" : timeFault(node);
    if (fault !== undefined) found.opaque.push({ reason: fault, place: placeOf(node.pos, text) });
  }
  if (node.type === "Command") collectCommand(node, found, text);
  if (node.type === "Redirected" && touches(node.redirects))
    found.opaque.push({ reason: "two of its words touch", place: placeOf(node.pos, text) });
  if (node.type === "Redirect") collectWrite(node, found, text);
  if (node.type === "Function") found.functions.push(node.name.value);
  if (node.type === "Word") checkWord(node, found, text);
  const name = silentlyAssigned(node);
  if (name !== undefined) {
    found.commands.push({ words: [], assignments: [{ name, value: undefined }], input: undefined, place: placeOf(node.pos, text) });
  }
  const inner = { ...text, joined: text.joined && onlyJoins(node) };
  forEachChild(node, (child) => {
    const ownOffsets = child.type === "Script" && child.source !== undefined;
    collect(child, found, ownOffsets ? { ...inner, fixed: placeOf(node.pos, text) } : inner);
  });
}

/** `time -f %e CMD` is the program in shells without a word `time`, and its options hide the command. */
function timeFault({ prefixes, commands: [first] }: Pipeline): string | undefined {
  const timed = prefixes.some(({ type }) => type === "Time");
  return timed && first?.type === "Command" && first.name?.text.startsWith("-") === true ? "it gives options to time" : undefined;
}

function onlyJoins(node: SyntaxNode): boolean {
  if (node.type === "Statement") return node.background !== true;
  if (node.type === "Pipeline") return node.prefixes.length === 0 && !node.operators.includes("|&");
  return node.type === "AndOr";
}

/** The variable that a piece of syntax sets without looking like an assignment. */
function silentlyAssigned(node: SyntaxNode): string | undefined {
  if (node.type === "For" || node.type === "Select") return node.name.value;
  if (node.type === "Coproc") return node.name?.value;
  if (node.type === "FileDescriptorVariable") return node.name;
  const assigns = node.type === "ParameterExpansion" && node.operation?.type === "Default" && node.operation.operator.endsWith("=");
  return assigns ? node.parameter : undefined;
}

/** Every word, also one that no command is made of, must be read as the shell reads it. */
function checkWord(word: Word, found: Found, text: Text): void {
  const read = readScriptWord(word, found.shell);
  if (!read.ok) found.opaque.push({ reason: read.reason, place: placeOf(word.pos, text) });
}

const UNREAD: OpenWord = { prefix: "", many: true, source: "shell" };

function collectCommand(node: Command, found: Found, text: Text): void {
  const words = (node.name === undefined ? [] : [node.name, ...node.args]).map((word) => {
    const read = readScriptWord(word, found.shell);
    return read.ok ? read.word : UNREAD;
  });
  const assignments = node.prefix.flatMap((one) => (one.type === "Assignment" ? [readAssignment(one, found.shell)] : []));
  if (node.name === undefined && node.prefix.length === 0)
    found.opaque.push({ reason: "it has an empty command", place: placeOf(node.pos, text) });
  if (touches([...node.prefix, ...(node.name === undefined ? [] : [node.name]), ...node.suffix]))
    found.opaque.push({ reason: "two of its words touch", place: placeOf(node.pos, text) });
  if (words.length === 0 && assignments.length === 0) return;
  const plain = text.joined && node.redirects.length === 0 && node.prefix.length === 0;
  found.commands.push({ words, assignments, input: literalInput(node, found.shell), plain, place: placeOf(node.pos, text) });
}

/** The grammar takes `a<(b)c` apart, which is one word, and the 2 of `<2>&1` for a file. */
function touches(children: readonly (Command["prefix"][number] | Command["suffix"][number])[]): boolean {
  const ordered = children.toSorted((left, right) => left.pos - right.pos);
  return ordered.some((child, index) => {
    const next = ordered[index + 1];
    if (next === undefined || child.end < next.pos) return false;
    return next.type === "Word" || next.type === "Assignment" || (child.type === "Redirect" && /^[0-9]+$/u.test(child.target?.text ?? ""));
  });
}

function readAssignment(assignment: Assignment, shell: ShellName): ScriptAssignment {
  const { name, value } = assignment;
  if (value.type === "ArrayValue" || assignment.append === true || assignment.index !== undefined) return { name, value: undefined };
  const read = readScriptWord(value, shell);
  return { name, value: read.ok && typeof read.word === "string" ? read.word : undefined };
}

function literalInput(node: Command, shell: ShellName): string | undefined {
  const feeds = node.redirects.filter((redirect) => redirect.type !== "Redirect" || redirect.operator.startsWith("<"));
  const [feed, ...more] = feeds;
  if (feed === undefined || more.length > 0 || feed.type === "Redirect" || feed.descriptor !== undefined) return undefined;
  if (feed.type === "HereString") {
    const read = feed.target === undefined ? undefined : readScriptWord(feed.target, shell);
    return read?.ok === true && typeof read.word === "string" ? read.word : undefined;
  }
  if (feed.delimiter?.quoted !== true && /[$`\\]/u.test(feed.body.text)) return undefined;
  return feed.operator === "<<-" ? feed.body.text.replace(/^\t+/gmu, "") : feed.body.text;
}

function collectWrite(redirect: Redirect, found: Found, text: Text): void {
  if (/^["']?\/dev\/(?:tcp|udp)\//u.test(redirect.target?.text ?? "")) {
    found.opaque.push({ reason: "it opens a connection", place: placeOf(redirect.pos, text) });
  }
  if (redirect.operator === "<" || redirect.operator === "<&") return;
  const read = redirect.target === undefined ? undefined : readScriptWord(redirect.target, found.shell);
  const path = read?.ok === true && typeof read.word === "string" ? read.word : undefined;
  if (redirect.operator === ">&" && path !== undefined && /^(?:[0-9]+-?|-)$/u.test(path)) return;
  found.writes.push({ path, place: placeOf(redirect.pos, text) });
}
