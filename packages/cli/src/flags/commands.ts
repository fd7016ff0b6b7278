import { SERVER_FLAGS } from "@codex/mcp-server";
import type { Command, Option } from "./option.ts";

/** Every option of every command. What is not in here does not exist. */

const HELP = { name: "help", short: "h", type: "boolean", description: "Show this help." } as const satisfies Option;
const VERSION = { name: "version", short: "V", type: "boolean", description: "Show the version." } as const satisfies Option;

const SANDBOX_MODES = ["read-only", "workspace-write", "danger-full-access"] as const;
const APPROVALS = ["untrusted", "unless-allow-listed", "auto-edit", "on-failure", "on-request", "never"] as const;
const PERMISSIONS = [
  "disk-full-read-access",
  "disk-write-cwd",
  "disk-write-platform-user-temp-folder",
  "disk-write-platform-global-temp-folder",
  "disk-full-write-access",
  "network-full-access",
] as const;

const BYPASS = "dangerously-bypass-approvals-and-sandbox";

const SESSION_OPTIONS = [
  { name: "model", short: "m", type: "string", placeholder: "MODEL", description: "Model to ask." },
  {
    name: "cd",
    short: "C",
    type: "string",
    placeholder: "DIR",
    completes: "directory",
    description: "Work in DIR instead of the current folder.",
  },
  {
    name: "config",
    short: "c",
    type: "string",
    multiple: true,
    placeholder: "KEY=VALUE",
    description: "Set a key of config.toml for this run. The value is read as TOML, else taken as text. May be repeated.",
  },
  { name: "profile", short: "p", type: "string", placeholder: "NAME", description: "Use a profile of config.toml." },
  {
    name: "ask-for-approval",
    short: "a",
    type: "string",
    choices: APPROVALS,
    placeholder: "POLICY",
    conflicts: [BYPASS],
    description: "When to ask before running something.",
  },
  {
    name: "sandbox-permission",
    short: "s",
    type: "string",
    multiple: true,
    choices: [...SANDBOX_MODES, ...PERMISSIONS],
    prefixes: ["disk-write-folder="],
    placeholder: "PERMISSION",
    conflicts: ["full-auto", BYPASS],
    description: "Grant commands a permission, disk-write-folder=PATH among them, or a whole mode. May be repeated.",
  },
  {
    name: "sandbox",
    type: "string",
    choices: SANDBOX_MODES,
    placeholder: "MODE",
    conflicts: ["full-auto", BYPASS],
    description: "What commands may touch.",
  },
  {
    name: "full-auto",
    type: "boolean",
    conflicts: [BYPASS],
    description: "Let commands write below the working folder and the temp folders; ask only when one fails in the sandbox.",
  },
  {
    name: BYPASS,
    aliases: ["yolo"],
    type: "boolean",
    description: "Run every command unasked and without a sandbox. Only for machines that can be thrown away.",
  },
  { name: "disable-response-storage", type: "boolean", description: "Let the provider store nothing (zero data retention)." },
  { name: "ephemeral", type: "boolean", description: "Write no session file." },
  { name: "oss", type: "boolean", description: "Use a local Ollama server." },
  { name: "strict-config", type: "boolean", description: "Treat unknown keys in config.toml as errors." },
] as const satisfies readonly Option[];

const IMAGE = {
  name: "image",
  short: "i",
  type: "string",
  multiple: true,
  placeholder: "FILE",
  completes: "file",
  description: "Attach an image to the prompt. Several: repeat it, or separate them with commas.",
} as const satisfies Option;
const SKIP_GIT_CHECK = {
  name: "skip-git-repo-check",
  type: "boolean",
  description: "Work outside a git repository too.",
} as const satisfies Option;

export const EXEC_OPTIONS = [
  IMAGE,
  ...SESSION_OPTIONS,
  {
    name: "approvals",
    type: "string",
    choices: ["deny", "stdio"],
    prefixes: ["command:"],
    placeholder: "WHO",
    description:
      "Who answers what is asked: nobody (deny), whoever writes to stdin (stdio, with --json), or a program that is started for each question.",
  },
  {
    name: "approvals-timeout",
    type: "string",
    requires: "approvals",
    placeholder: "SECONDS",
    description: "How long an answer is waited for, 300 when left out. It is a no then.",
  },
  SKIP_GIT_CHECK,
  { name: "color", type: "string", choices: ["always", "never", "auto"], placeholder: "WHEN", description: "Colours on stderr." },
  { name: "json", aliases: ["experimental-json"], type: "boolean", description: "Print events as JSON lines on stdout." },
  {
    name: "output-schema",
    type: "string",
    placeholder: "FILE",
    completes: "file",
    description: "Make the final message JSON that fits the JSON Schema in FILE.",
  },
  {
    name: "output-last-message",
    short: "o",
    type: "string",
    placeholder: "FILE",
    completes: "file",
    description: "Write the final message to FILE.",
  },
  {
    name: "record",
    type: "string",
    placeholder: "FILE",
    completes: "file",
    conflicts: ["replay"],
    description: "Write a cassette of the session to FILE.",
  },
  {
    name: "replay",
    type: "string",
    placeholder: "FILE",
    completes: "file",
    description: "Run with the model and the tool results of a cassette; no network, no processes.",
  },
  { name: "live-tools", type: "boolean", requires: "replay", description: "With --replay: really run the tools." },
  HELP,
  VERSION,
] as const satisfies readonly Option[];

export const TUI_OPTIONS = [
  IMAGE,
  ...SESSION_OPTIONS,
  SKIP_GIT_CHECK,
  {
    name: "screen-reader",
    type: "boolean",
    description: "Say everything in plain lines one after the other, for a screen reader: no drawing, no animation, numbers for answers.",
  },
  { name: "no-alt-screen", type: "boolean", description: "Stay on the normal screen and keep the terminal's own scrollback." },
  HELP,
  VERSION,
] as const satisfies readonly Option[];

export const PROTO_OPTIONS = [...SESSION_OPTIONS, HELP, VERSION] as const satisfies readonly Option[];
export const MCP_SERVER_OPTIONS = [...SERVER_FLAGS, HELP, VERSION] as const satisfies readonly Option[];
export const PLAIN_OPTIONS = [HELP, VERSION] as const satisfies readonly Option[];

export const EXEC: Command = {
  name: "exec",
  aliases: ["e"],
  summary: "Do one task without asking, then exit.",
  positional: { name: "PROMPT", description: "What to do. Left out or -: read from stdin." },
  options: EXEC_OPTIONS,
  notes: [
    "The final message goes to stdout, everything else to stderr. Text piped in beside a prompt joins it as a <stdin> block.",
    "Nothing is asked and commands may only read, unless the options say otherwise. What would be asked is declined and listed at the end.",
    "Exit codes: 0 done, 1 the turn failed, 2 usage or configuration, 128+n ended by signal n.",
  ],
};

/** What runs without a command's name. */
export const TUI: Command = {
  name: "",
  aliases: [],
  summary: "Work with Codex in the terminal.",
  positional: { name: "PROMPT", description: "The first message." },
  options: TUI_OPTIONS,
  notes: ["docs/tui.md explains the interface; ? in an empty composer shows its keys."],
};

export const PROTO: Command = {
  name: "proto",
  aliases: ["p"],
  summary: "Speak the session protocol, one JSON object a line, on stdin and stdout.",
  options: PROTO_OPTIONS,
  notes: ['The first line is session_configured with id "0". The end of stdin ends the session once the running task is done.'],
};

const MCP_SERVER: Command = {
  name: "mcp-server",
  aliases: [],
  summary: "Offer the agent to an MCP host, as tools on stdin and stdout.",
  options: MCP_SERVER_OPTIONS,
  notes: [
    "The tools are codex, codex-reply and codex-close. The end of stdin, or SIGTERM, ends everything.",
    "With --listen, which serves over HTTP, stdin is not read.",
  ],
};

export const DOCTOR_OPTIONS = [
  { name: "json", type: "boolean", description: "Print the findings as JSON." },
  HELP,
  VERSION,
] as const satisfies readonly Option[];

const DOCTOR: Command = {
  name: "doctor",
  aliases: [],
  summary: "Check this machine: Node, git, configuration, key, sandbox.",
  options: DOCTOR_OPTIONS,
  notes: ["Exit codes: 0 nothing is wrong, 1 something is. No key is printed, and nothing goes over the network."],
};

export const MCP: Command = {
  name: "mcp",
  aliases: [],
  summary: "Add, list and remove MCP servers, and log in to them.",
  positional: {
    name: "SUBCOMMAND",
    description: "What to do.",
    choices: ["add", "list", "get", "remove", "login", "logout"],
  },
  options: MCP_SERVER_OPTIONS,
  notes: [
    "codex mcp add NAME -- COMMAND [ARGUMENT]…, or codex mcp add NAME --url URL",
    "codex mcp list | get NAME | remove NAME | login NAME | logout NAME, each with --json",
    "codex mcp SUBCOMMAND --help explains one. Without a subcommand Codex is an MCP server itself, as codex mcp-server; the options are for that.",
  ],
};

const SANDBOX: Command = {
  name: "sandbox",
  aliases: [],
  summary: "Run a command the way the agent would, confined.",
  options: PLAIN_OPTIONS,
  notes: [
    "codex sandbox [--full-auto] [--sandbox MODE] [-s PERMISSION]… [--] COMMAND [ARGUMENT]…",
    "Without options the command may read every file and nothing else. Its input, output and exit code are passed through.",
  ],
};

const DEBUG: Command = {
  name: "debug",
  aliases: [],
  summary: "Look at the sandbox itself.",
  options: PLAIN_OPTIONS,
  notes: [
    "codex debug landlock|seatbelt [--full-auto] [-s PERMISSION]… [--] COMMAND [ARGUMENT]…: as codex sandbox, on Linux or macOS.",
    "codex debug sandbox-probe [--json]: try what each backend holds on this machine.",
  ],
};

const EXECPOLICY: Command = {
  name: "execpolicy",
  aliases: [],
  summary: "Say what rules make of a command.",
  positional: { name: "check", description: "Check one command against files of rules.", choices: ["check"] },
  options: PLAIN_OPTIONS,
  notes: [
    "codex execpolicy check --rules FILE… [--as-session] [--pretty] [--resolve-host-executables] [--] COMMAND [ARGUMENT]…",
    "The words of the command are taken as they are; with --as-session shells and programs that run others are looked into. Exit code 0 whatever the decision is, 1 for a file that cannot be read, 2 for a wrong use.",
  ],
};

export const EXPLAIN_OPTIONS = [
  {
    name: "session",
    type: "string",
    placeholder: "ID",
    completes: "file",
    description: "The session, by its id or its rollout file. Left out: the latest.",
  },
  { name: "json", type: "boolean", description: "Print it as JSON." },
  HELP,
  VERSION,
] as const satisfies readonly Option[];

const EXPLAIN: Command = {
  name: "explain",
  aliases: [],
  summary: "Say why a call of a session ran, was asked about or was declined.",
  positional: { name: "CALL_ID", description: "The call, or how its id begins. Left out: all calls of the session are listed." },
  options: EXPLAIN_OPTIONS,
  notes: ["What is told comes from the session's record: the layer that decided, the rule with file and line, and what would change it."],
};

export const COMPLETION: Command = {
  name: "completion",
  aliases: [],
  summary: "Print a completion script for a shell.",
  positional: { name: "SHELL", description: "bash, zsh or fish.", choices: ["bash", "zsh", "fish"] },
  options: PLAIN_OPTIONS,
  notes: ['For bash: eval "$(codex completion bash)"'],
};

const HELP_COMMAND: Command = {
  name: "help",
  aliases: [],
  summary: "Explain a command.",
  positional: { name: "COMMAND", description: "The command to explain." },
  options: PLAIN_OPTIONS,
  notes: [],
};

export const COMMANDS: readonly Command[] = [
  EXEC,
  PROTO,
  MCP,
  MCP_SERVER,
  EXPLAIN,
  EXECPOLICY,
  SANDBOX,
  DEBUG,
  DOCTOR,
  COMPLETION,
  HELP_COMMAND,
];
