import { CodexError } from "@codex/core";
import { COMMANDS } from "../flags/commands.ts";
import { commandNamed } from "../flags/find-command.ts";
import { nearMisses } from "../flags/near-miss.ts";
import type { Command, Option } from "../flags/option.ts";
import { didYouMean } from "../flags/parse.ts";

/** The help text of the command called `name`, or of the program. */
export async function helpOn(name: string | undefined, version: string): Promise<string> {
  const command = name === undefined ? undefined : commandNamed(name);
  if (name !== undefined && command === undefined) {
    const near = nearMisses(name, COMMANDS.map((each) => each.name));
    throw new CodexError("usage", `there is no command ${JSON.stringify(name)}${didYouMean(near)}`);
  }
  return renderHelp(command, version);
}

/** The help text of `command`, or of the program, from the option tables. yargs lays it out; it is loaded for nothing else. */
export async function renderHelp(command: Command | undefined, version: string): Promise<string> {
  const { default: yargs } = await import("yargs/yargs");
  const page = yargs([])
    .scriptName("codex")
    .help(false)
    .version(false)
    .exitProcess(false)
    .wrap(Math.min(100, process.stdout.columns ?? 100))
    .updateStrings({ "Options:": "Options", "Commands:": "Commands", "Positionals:": "Arguments", choices: "one of" } as never);
  if (command === undefined) {
    page.usage(`Codex ${version}: an agent that works on your repository.\n\nUsage: codex COMMAND [OPTIONS]`);
    for (const each of COMMANDS) page.command([each.name, ...each.aliases], each.summary);
    page.epilogue("codex help COMMAND explains a command. codex --version shows the version.");
  } else {
    const argument = command.positional === undefined ? "" : ` [${command.positional.name}]`;
    const explained = command.positional === undefined ? "" : `\n\n${command.positional.name}: ${command.positional.description}`;
    const aliases = command.aliases.length === 0 ? "" : `\nAlias: codex ${command.aliases.join(", codex ")}`;
    page.usage(`${command.summary}\n\nUsage: codex ${command.name} [OPTIONS]${argument}${aliases}${explained}`);
    for (const option of command.options) page.option(option.name, optionHelp(option));
    if (command.notes.length > 0) page.epilogue(command.notes.join("\n"));
  }
  return page.getHelp();
}

function optionHelp(option: Option) {
  const alias = [...(option.short === undefined ? [] : [option.short]), ...(option.aliases ?? [])];
  const value = option.placeholder === undefined ? "" : `${option.placeholder}: `;
  return {
    alias,
    description: `${value}${option.description}`,
    ...(option.choices === undefined ? {} : { choices: option.choices }),
  };
}
