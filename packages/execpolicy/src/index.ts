export { shellCommandScript, type ShellCommandScript } from "./shell/argv.ts";
export { heredocCommand, type HeredocCommand } from "./shell/heredoc-command.ts";
export type { ShellName } from "./shell/parse.ts";
export { plainCommands, type PlainCommands } from "./shell/plain-commands.ts";
