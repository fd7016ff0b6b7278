import { CodexError, didYouMean } from "@codex/core";
import { COMMANDS, TUI } from "../flags/commands.ts";
import { commandNamed } from "../flags/find-command.ts";
import type { Command, Option } from "../flags/option.ts";

/** The help text of the command called `name`, or of the program. */
export function helpOn(name: string | undefined, version: string): string {
  const command = name === undefined ? undefined : commandNamed(name);
  if (name !== undefined && command === undefined) {
    const names = COMMANDS.map((each) => each.name);
    throw new CodexError("usage", `there is no command ${JSON.stringify(name)}${didYouMean(name, names)}`);
  }
  return renderHelp(command, version);
}

/** The help text of `command`, or of the program, from the option tables, in lines of at most `width` columns. */
export function renderHelp(command: Command | undefined, version: string, width = Math.min(100, process.stdout.columns ?? 100)): string {
  const sections = command === undefined ? programHelp(version) : commandHelp(command);
  return sections
    .flatMap((section) => [...(typeof section === "string" ? wrap(section, width) : layOut(section, width)), ""])
    .join("\n")
    .trimEnd();
}

/** A term and what it means; a list of them is laid out in two columns. */
type Row = readonly [term: string, meaning: string];

function programHelp(version: string): (string | Row[])[] {
  const rows = COMMANDS.map((each): Row => [[each.name, ...each.aliases].join(", "), each.summary]);
  return [
    `Codex ${version}: an agent that works on your repository.`,
    "Usage: codex [OPTIONS] [PROMPT]   opens the interface\n       codex COMMAND [OPTIONS]",
    rows,
    "Options of the interface:",
    TUI.options.map((option): Row => [termOf(option), meaningOf(option)]),
    "codex help COMMAND explains a command. codex --version shows the version.",
  ];
}

function commandHelp(command: Command): (string | Row[])[] {
  const { name, aliases, positional, options, notes, summary } = command;
  const alias = aliases.length === 0 ? "" : `   (also: ${aliases.map((each) => `codex ${each}`).join(", ")})`;
  return [
    summary,
    `Usage: codex ${name} [OPTIONS]${positional === undefined ? "" : ` [${positional.name}]`}${alias}`,
    ...(positional === undefined ? [] : [[[positional.name, positional.description]] satisfies Row[]]),
    options.map((option): Row => [termOf(option), meaningOf(option)]),
    ...notes,
  ];
}

function termOf(option: Option): string {
  const short = option.short === undefined ? "    " : `-${option.short}, `;
  return `${short}--${option.name}${option.placeholder === undefined ? "" : ` ${option.placeholder}`}`;
}

function meaningOf(option: Option): string {
  const aliases = option.aliases === undefined ? "" : ` Also --${option.aliases.join(", --")}.`;
  const values = [...(option.choices ?? []), ...(option.prefixes ?? []).map((prefix) => `${prefix}PATH`)];
  return `${option.description}${aliases}${values.length === 0 ? "" : ` One of ${values.join(", ")}.`}`;
}

/** Meanings start in one column; a term too long for its own is followed by its meaning on the next line. */
function layOut(rows: readonly Row[], width: number): string[] {
  const column = Math.min(32, Math.max(...rows.map(([term]) => term.length)) + 4);
  const indent = " ".repeat(column);
  return rows.flatMap(([term, meaning]) => {
    const lines = wrap(meaning, Math.max(20, width - column));
    const head = `  ${term}`;
    if (head.length + 2 > column) return [head, ...lines.map((line) => indent + line)];
    return lines.map((line, index) => (index === 0 ? head.padEnd(column) : indent) + line);
  });
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
