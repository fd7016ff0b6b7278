import type { Command, HereDoc } from "unbash";
import { readScript } from "./parse.ts";
import { literalWords } from "./words.ts";

/** One command that is fed by one here document. */
export interface HeredocCommand {
  /** The argument of a leading `cd DIR &&`, as written once quotes are resolved; may be relative. Undefined without `cd`. */
  readonly directory: string | undefined;
  /** Program and arguments, without the here document. */
  readonly words: readonly [string, ...string[]];
  /** The text between the delimiters, verbatim, with its last line break. `<<-` has its leading tabs taken off. */
  readonly body: string;
  /** The delimiter was quoted, so the shell would pass the body on unchanged. */
  readonly quoted: boolean;
}

/**
 * Recognises a script that is solely `NAME [ARG…] <<'X'` … `X`, or the same after `cd DIR &&`. All words must be literal.
 * Any command before or after, another redirection, an assignment, `&`, or an unfinished here document gives undefined.
 */
export function heredocCommand(script: string): HeredocCommand | undefined {
  const read = readScript(script);
  const [statement, ...more] = read.ok ? read.statements : [];
  if (statement === undefined || more.length > 0 || statement.background === true) return undefined;
  const node = statement.command;
  if (node.type === "Command") return fedCommand(node, undefined);
  if (node.type !== "AndOr" || node.operators.length !== 1 || node.operators[0] !== "&&") return undefined;
  const [first, second] = node.commands;
  if (first?.type !== "Command" || second?.type !== "Command") return undefined;
  const directory = changedDirectory(first);
  return directory === undefined ? undefined : fedCommand(second, directory);
}

function fedCommand(command: Command, directory: string | undefined): HeredocCommand | undefined {
  const [redirect, ...otherRedirects] = command.redirects;
  if (redirect?.type !== "HereDoc" || otherRedirects.length > 0 || !feedsStandardInput(redirect)) return undefined;
  const words = wordsOf(command);
  if (words === undefined) return undefined;
  const text = redirect.body.text;
  return {
    directory,
    words,
    body: redirect.operator === "<<-" ? text.replace(/^\t+/gmu, "") : text,
    quoted: redirect.delimiter?.quoted === true,
  };
}

function feedsStandardInput({ descriptor }: HereDoc): boolean {
  return descriptor === undefined || (descriptor.type === "FileDescriptor" && descriptor.value === 0);
}

function changedDirectory(command: Command): string | undefined {
  const words = command.redirects.length > 0 ? undefined : wordsOf(command);
  const [program, directory] = words ?? [];
  if (words?.length !== 2 || program !== "cd" || directory === undefined) return undefined;
  return directory === "" || directory.startsWith("-") ? undefined : directory;
}

function wordsOf(command: Command): [string, ...string[]] | undefined {
  if (command.name === undefined || command.prefix.some(({ type }) => type === "Assignment")) return undefined;
  const words = literalWords([command.name, ...command.args], "bash");
  const [program, ...rest] = words.ok ? words.values : [];
  return program === undefined ? undefined : [program, ...rest];
}
