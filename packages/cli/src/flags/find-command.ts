import { didYouMean } from "@codex/core";
import { COMMANDS, EXEC_OPTIONS, TUI_OPTIONS } from "./commands.ts";
import { tokenize } from "./parse.ts";
import type { Command } from "./option.ts";

export type CommandLine =
  | { readonly type: "command"; readonly command: Command; readonly args: readonly string[] }
  /** No command word: options alone, a prompt, or nothing. `misspelt`: what to say when the word looks like a command's. */
  | { readonly type: "none"; readonly help: boolean; readonly version: boolean; readonly misspelt: Misspelt | undefined };

interface Misspelt {
  readonly message: string;
  /** Where the word stands in the arguments. */
  readonly at: number;
}

/** Finds the command word, which may stand behind options (`codex -m x exec …`), and what belongs to it. */
export function findCommand(args: readonly string[]): CommandLine {
  const tokens = tokenize([...EXEC_OPTIONS, ...TUI_OPTIONS], args);
  const word = tokens.find((token) => token.kind === "positional");
  const terminated = tokens.some((token) => token.kind === "option-terminator" && (word === undefined || token.index < word.index));
  const command = terminated || word === undefined ? undefined : commandNamed(word.value);
  if (command !== undefined && word !== undefined) {
    return { type: "command", command, args: args.filter((_, index) => index !== word.index) };
  }
  const has = (name: string): boolean => tokens.some((token) => token.kind === "option" && token.name === name);
  return { type: "none", help: has("help"), version: has("version"), misspelt: terminated ? undefined : misspelt(word) };
}

export function commandNamed(word: string): Command | undefined {
  return COMMANDS.find((command) => command.name === word || command.aliases.includes(word));
}

function misspelt(word: { readonly value: string; readonly index: number } | undefined): Misspelt | undefined {
  if (word === undefined || /\s/.test(word.value)) return undefined;
  const names = COMMANDS.map((command) => command.name);
  const near = didYouMean(word.value, names);
  return near === "" ? undefined : { message: `there is no command ${JSON.stringify(word.value)}${near}`, at: word.index };
}
