import { fuzzyMatch } from "./fuzzy.ts";

/** A command of the composer. What is not in here does not exist. */
export const SLASH_COMMANDS = [
  { name: "model", argument: "[NAME]", help: "choose the model", whileRunning: false },
  { name: "approvals", argument: "[POLICY]", help: "choose when Codex asks", whileRunning: false },
  { name: "sandbox", argument: "[MODE]", help: "choose what commands may touch", whileRunning: false },
  { name: "new", argument: "", help: "start a new conversation", whileRunning: false },
  { name: "rewind", argument: "", help: "go back to an earlier message (not the files)", whileRunning: false },
  { name: "diff", argument: "", help: "what changed in the working tree, new files included", whileRunning: true },
  { name: "status", argument: "", help: "session, sandbox and tokens", whileRunning: true },
  { name: "mcp", argument: "", help: "MCP servers, how they stand, and their tools", whileRunning: true },
  {
    name: "review",
    argument: "[BRANCH | COMMIT | TEXT]",
    help: "have the changes reviewed: of the working tree, since a branch, of a commit",
    whileRunning: false,
  },
  { name: "init", argument: "", help: "have an AGENTS.md written for this project", whileRunning: false },
  { name: "copy", argument: "", help: "copy the last answer", whileRunning: true },
  { name: "export", argument: "[FILE]", help: "write the conversation to a Markdown file", whileRunning: true },
  { name: "transcript", argument: "", help: "everything, with all output", whileRunning: true },
  { name: "theme", argument: "[NAME]", help: "choose the colours", whileRunning: true },
  { name: "vim", argument: "", help: "vi keys in the composer, on or off", whileRunning: true },
  { name: "keymap", argument: "", help: "every key, and how to change it", whileRunning: true },
  { name: "help", argument: "", help: "keys and commands", whileRunning: true },
  { name: "quit", argument: "", help: "leave", whileRunning: true },
] as const;

export type SlashCommand = (typeof SLASH_COMMANDS)[number];

/** The commands that fit what was typed behind the slash, best first. */
export function matchingCommands(query: string): SlashCommand[] {
  if (query === "") return [...SLASH_COMMANDS];
  const matches = SLASH_COMMANDS.flatMap((command) => {
    const match = fuzzyMatch(query, command.name);
    return match === undefined ? [] : [{ command, score: match.score }];
  });
  return matches.toSorted((a, b) => b.score - a.score).map(({ command }) => command);
}

/** `/name argument` taken apart; undefined when the text is no command line. */
export function parseSlash(text: string): { readonly name: string; readonly argument: string } | undefined {
  const match = /^\/([a-z-]+)(?:\s+([^\n]*))?$/.exec(text.trim());
  return match === null ? undefined : { name: match[1] ?? "", argument: (match[2] ?? "").trim() };
}
