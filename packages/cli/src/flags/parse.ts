import { CodexError, didYouMean } from "@codex/core";
import { parseArgs } from "node:util";
import type { Command, Option, Values } from "./option.ts";

export interface Parsed<Options extends readonly Option[]> {
  readonly values: Values<Options>;
  /** The argument beside the options, if there was one. */
  readonly argument: string | undefined;
}

/**
 * Reads a command's arguments (without the command's own name) against its table. Throws a CodexError `usage` that names the
 * first thing that is wrong. `options` is `command.options` with its literal types.
 */
export function parseFlags<const Options extends readonly Option[]>(
  command: Command,
  options: Options,
  args: readonly string[],
): Parsed<Options> {
  const given = new Map<string, (string | true)[]>();
  const positionals: string[] = [];
  for (const token of tokenize(options, args)) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind === "option") readOption(command, token, given);
  }
  const values: Record<string, unknown> = {};
  for (const option of options) values[option.name] = valueOf(option, given.get(option.name));
  // Someone who asks for help gets it, whatever else is on the line.
  if (!given.has("help") && !given.has("version")) {
    checkRelations(options, given);
    checkPositionals(command, positionals);
  }
  return { values: values as Values<Options>, argument: positionals[0] };
}

type Token = ReturnType<typeof tokenize>[number];
type OptionToken = Extract<Token, { kind: "option" }>;

/** Splits arguments into options and the rest, without judging them; `--` ends the options. */
export function tokenize(options: readonly Option[], args: readonly string[]) {
  const config: Record<string, { type: "boolean" | "string"; short?: string; multiple: true }> = {};
  for (const option of options) {
    for (const name of [option.name, ...(option.aliases ?? [])]) config[name] = { type: option.type, multiple: true };
    if (option.short !== undefined) config[option.name] = { type: option.type, multiple: true, short: option.short };
  }
  return parseArgs({ args: [...args], options: config, strict: false, allowPositionals: true, tokens: true }).tokens;
}

function readOption(command: Command, token: OptionToken, given: Map<string, (string | true)[]>): void {
  const option = command.options.find((each) => each.name === token.name || each.aliases?.includes(token.name));
  if (option === undefined) throw unknownOption(command, token.rawName);
  const values = given.get(option.name) ?? [];
  given.set(option.name, values);
  if (option.type === "boolean") {
    if (token.value !== undefined) throw usage(command, `the option ${token.rawName} takes no value`);
    values.push(true);
    return;
  }
  if (option.multiple !== true && values.length > 0) throw usage(command, `the option ${token.rawName} was given twice`);
  values.push(checkedValue(command, option, token));
}

function checkedValue(command: Command, option: Option, token: OptionToken): string {
  // `-m=x` means `-m x` to everyone who types it.
  const value = token.inlineValue === true && !token.rawName.startsWith("--") ? token.value.replace(/^=/, "") : token.value;
  const shape = `${token.rawName} ${option.placeholder ?? "VALUE"}`;
  if (value === undefined || value.trim() === "") throw usage(command, `the option ${shape} needs a value`);
  if (token.inlineValue !== true && value.startsWith("-") && value.length > 1) {
    throw usage(
      command,
      `the option ${shape} needs a value, but ${value} follows`,
      `If that is the value, write --${option.name}=${value}`,
    );
  }
  if (option.choices !== undefined && !option.choices.includes(value) && !option.prefixes?.some((prefix) => value.startsWith(prefix))) {
    const all = [...option.choices, ...(option.prefixes ?? []).map((prefix) => `${prefix}PATH`)];
    throw usage(
      command,
      `${JSON.stringify(value)} is not a value of ${token.rawName}${didYouMean(value, all)}`,
      `It takes: ${all.join(", ")}`,
    );
  }
  return value;
}

function valueOf(option: Option, given: readonly (string | true)[] | undefined): unknown {
  if (option.type === "boolean") return given !== undefined;
  if (option.multiple === true) return given ?? [];
  return given?.[0];
}

function checkRelations(options: readonly Option[], given: ReadonlyMap<string, unknown>): void {
  for (const option of options) {
    if (!given.has(option.name)) continue;
    const other = option.conflicts?.find((name) => given.has(name));
    if (other !== undefined) throw new CodexError("usage", `--${option.name} and --${other} cannot be used together`);
    if (option.requires !== undefined && !given.has(option.requires)) {
      throw new CodexError("usage", `--${option.name} needs --${option.requires}`);
    }
  }
}

function checkPositionals(command: Command, positionals: readonly string[]): void {
  const allowed = command.positional === undefined ? 0 : 1;
  const extra = positionals[allowed];
  if (extra !== undefined) {
    const hint = command.positional?.name === "PROMPT" ? "Put the whole prompt in quotes." : undefined;
    throw usage(command, `unexpected argument ${JSON.stringify(extra)}`, hint);
  }
  const [value] = positionals;
  const choices = command.positional?.choices;
  if (value !== undefined && choices !== undefined && !choices.includes(value)) {
    throw usage(command, `${JSON.stringify(value)} is not one of ${choices.join(", ")}${didYouMean(value, choices)}`);
  }
}

function unknownOption(command: Command, rawName: string): CodexError {
  const names = command.options.flatMap((option) => [option.name, ...(option.aliases ?? [])]).map((name) => `--${name}`);
  const near = rawName.startsWith("--") ? didYouMean(rawName, names) : "";
  const dashed = command.positional?.name === "PROMPT" ? "A prompt that starts with a dash goes after --." : undefined;
  return usage(command, `there is no option ${rawName}${near}`, dashed);
}

function usage(command: Command, message: string, hint = `See codex ${command.name === "" ? "" : `${command.name} `}--help`): CodexError {
  return new CodexError("usage", message, { hint });
}
