import { CodexError } from "@codex/core";
import { COMMANDS, EXEC_OPTIONS } from "../flags/commands.ts";
import type { Option } from "../flags/option.ts";

/** A completion script for `shell`, complete in itself: it starts no program while the user types. */
export function completionScript(shell: string | undefined): string {
  switch (shell) {
    case "bash":
      return bash();
    case "zsh":
      return zsh();
    case "fish":
      return fish();
    default:
      throw new CodexError("usage", "the shell is missing", { hint: "Usage: codex completion bash|zsh|fish" });
  }
}

/** Options whose value the shell completes itself, over all commands: their names mean the same everywhere. */
const OPTIONS: readonly Option[] = EXEC_OPTIONS;

function bash(): string {
  const values = OPTIONS.filter((option) => option.type === "string").map(
    (option) => `    ${flagsOf(option).join("|")}) ${bashValue(option)}; return ;;`,
  );
  const commands = COMMANDS.map(
    (command) =>
      `    ${[command.name, ...command.aliases].join("|")}) words="${[...command.options.flatMap(flagsOf), ...(command.positional?.choices ?? [])].join(" ")}" ;;`,
  );
  return `# bash completion for codex
_codex() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command="" word words
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in ${names().join("|")}) command="$word"; break ;; esac
  done
  case "$previous" in
${values.join("\n")}
  esac
  case "$command" in
${commands.join("\n")}
    *) words="${names().join(" ")} --help --version" ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _codex codex
`;
}

function bashValue(option: Option): string {
  if (option.choices !== undefined) return `COMPREPLY=($(compgen -W "${option.choices.join(" ")}" -- "$current"))`;
  return `COMPREPLY=(${option.completes === undefined ? "" : `$(compgen -${option.completes === "file" ? "f" : "d"} -- "$current")`})`;
}

function zsh(): string {
  const cases = COMMANDS.map((command) => {
    const specs = command.options.flatMap((option) =>
      flagsOf(option).map((flag) => `'${option.multiple === true ? "*" : ""}${flag}[${zshText(option.description)}]${zshValue(option)}'`),
    );
    const choices = command.positional?.choices;
    const positional = choices === undefined ? [] : [`'1:${command.positional?.name ?? ""}:(${choices.join(" ")})'`];
    return `    ${[command.name, ...command.aliases].join("|")}) _arguments -s ${[...specs, ...positional].join(" ")} ;;`;
  });
  const list = COMMANDS.map((command) => `'${command.name}:${zshText(command.summary)}'`).join(" ");
  return `#compdef codex
_codex() {
  local -a commands=(${list})
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command="\${words[2]}"
  shift words
  (( CURRENT-- ))
  case "$command" in
${cases.join("\n")}
  esac
}
if [[ "\${funcstack[1]}" = _codex ]]; then _codex "$@"; else compdef _codex codex; fi
`;
}

function zshValue(option: Option): string {
  if (option.type === "boolean") return "";
  const action =
    option.choices !== undefined
      ? `(${option.choices.join(" ")})`
      : option.completes === "file"
        ? "_files"
        : option.completes === "directory"
          ? "_files -/"
          : " ";
  return `:${option.placeholder ?? "VALUE"}:${action}`;
}

function zshText(text: string): string {
  return text.replaceAll("'", "'\\''").replace(/[[\]:]/g, "\\$&");
}

function fish(): string {
  const commands = COMMANDS.map(
    (command) => `complete -c codex -n __fish_use_subcommand -f -a ${command.name} -d '${fishText(command.summary)}'`,
  );
  const options = COMMANDS.flatMap((command) => {
    const seen = `-n '__fish_seen_subcommand_from ${[command.name, ...command.aliases].join(" ")}'`;
    const choices = command.positional?.choices;
    return [
      ...(choices === undefined ? [] : [`complete -c codex ${seen} -f -a '${choices.join(" ")}'`]),
      ...command.options.map(
        (option) => `complete -c codex ${seen} ${fishFlags(option)}${fishValue(option)} -d '${fishText(option.description)}'`,
      ),
    ];
  });
  return `# fish completion for codex\n${[...commands, ...options].join("\n")}\n`;
}

function fishFlags(option: Option): string {
  const long = [option.name, ...(option.aliases ?? [])].map((name) => `-l ${name}`).join(" ");
  return option.short === undefined ? long : `-s ${option.short} ${long}`;
}

function fishValue(option: Option): string {
  if (option.type === "boolean") return "";
  if (option.choices !== undefined) return ` -x -a '${option.choices.join(" ")}'`;
  return option.completes === undefined ? " -x" : " -r";
}

function fishText(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("'", "\\'");
}

function flagsOf(option: Option): string[] {
  return [
    ...(option.short === undefined ? [] : [`-${option.short}`]),
    ...[option.name, ...(option.aliases ?? [])].map((name) => `--${name}`),
  ];
}

function names(): string[] {
  return COMMANDS.flatMap((command) => [command.name, ...command.aliases]);
}
