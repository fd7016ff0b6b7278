import { didYouMean } from "@codex/core";
import { COMMANDS, EXEC_OPTIONS } from "./commands.ts";
import { tokenize } from "./parse.ts";
import type { Command } from "./option.ts";

export type CommandLine =
  | { readonly type: "command"; readonly command: Command; readonly args: readonly string[] }
  /** No command word: options alone, a prompt, or nothing. */
  | {
      readonly type: "none";
      readonly help: boolean;
      readonly version: boolean;
      readonly message: string;
      readonly wordAt: number | undefined;
    };

/** Finds the command word, which may stand behind options (`codex -m x exec …`), and what belongs to it. */
export function findCommand(args: readonly string[]): CommandLine {
  const tokens = tokenize(EXEC_OPTIONS, args);
  const word = tokens.find((token) => token.kind === "positional");
  const terminated = tokens.some((token) => token.kind === "option-terminator" && (word === undefined || token.index < word.index));
  const command = terminated || word === undefined ? undefined : commandNamed(word.value);
  if (command !== undefined && word !== undefined) {
    return { type: "command", command, args: args.filter((_, index) => index !== word.index) };
  }
  const has = (name: string): boolean => tokens.some((token) => token.kind === "option" && token.name === name);
  return { type: "none", help: has("help"), version: has("version"), message: explain(word?.value), wordAt: word?.index };
}

export function commandNamed(word: string): Command | undefined {
  return COMMANDS.find((command) => command.name === word || command.aliases.includes(word));
}

function explain(word: string | undefined): string {
  const interactive = 'The interactive interface is not there yet. To have one task done, run: codex exec "what to do"';
  if (word === undefined) return interactive;
  if (/\s/.test(word)) return interactive;
  const near = didYouMean(
    word,
    COMMANDS.map((command) => command.name),
  );
  return `there is no command ${JSON.stringify(word)}${near}${near === "" ? `\n${interactive}` : ""}`;
}
