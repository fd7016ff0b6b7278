import type { ShellEnvironmentPolicy } from "../config/config.ts";

export interface AgentVariables {
  readonly sessionId: string;
  /** Variables that hold the provider's keys. A command sees them only when the user `set`s them. */
  readonly secretNames: readonly string[];
}

/** What `inherit = "core"` takes over. */
const CORE_NAMES = [
  ...["HOME", "LOGNAME", "PATH", "SHELL", "USER", "TMPDIR", "TZ", "LANG", "LANGUAGE", "LC_*", "TERM", "__CF_USER_TEXT_ENCODING"],
  ...["SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "TEMP", "TMP", "USERNAME", "USERPROFILE", "USERDOMAIN"],
  ...["HOMEDRIVE", "HOMEPATH", "APPDATA", "LOCALAPPDATA", "PROGRAMDATA", "PROGRAMFILES", "PROGRAMFILES(X86)", "PROGRAMW6432"],
  ...["NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE", "OS"],
];

/** Names that are taken for secrets unless `ignore_default_excludes`. */
const SECRET_NAMES = ["*KEY*", "*SECRET*", "*TOKEN*", "*PASSWORD*", "*PASSWD*", "*CREDENTIAL*"];

/** They describe the agent's own terminal and directory, not the command's. */
const NEVER_INHERITED = ["PWD", "OLDPWD", "_", "COLORTERM", "FORCE_COLOR", "CLICOLOR_FORCE"];

/** There is no terminal and nobody to answer: no colours, no pagers, no questions. */
const WITHOUT_TERMINAL: Readonly<Record<string, string>> = {
  NO_COLOR: "1",
  TERM: "dumb",
  PAGER: "cat",
  GIT_PAGER: "cat",
  GH_PAGER: "cat",
  GIT_TERMINAL_PROMPT: "0",
};

/**
 * The environment of a command, built in this order: what is inherited, less what looks like a secret, less `exclude`,
 * with `set`, of these only `include_only` when there is any; last come the variables for work without a terminal,
 * where `set` has no say of its own, and the session's.
 */
export function childEnvironment(
  policy: ShellEnvironmentPolicy,
  env: Readonly<Record<string, string | undefined>>,
  agent: AgentVariables,
): Record<string, string> {
  const withheld = [...NEVER_INHERITED, ...agent.secretNames].map((name) => name.toUpperCase());
  const excluded = matcher([...(policy.ignoreDefaultExcludes ? [] : SECRET_NAMES), ...policy.exclude]);
  const core = matcher(CORE_NAMES);
  const inherited = Object.entries(env).filter(([name, value]) => {
    if (value === undefined || policy.inherit === "none" || withheld.includes(name.toUpperCase())) return false;
    return (policy.inherit === "all" || core(name)) && !excluded(name);
  }) as [string, string][];
  const included = policy.includeOnly.length === 0 ? () => true : matcher(policy.includeOnly);
  const chosen = [...inherited, ...Object.entries(policy.set)].filter(([name]) => included(name));
  const own: Record<string, string> = { CODEX_SESSION_ID: agent.sessionId, CODEX_THREAD_ID: agent.sessionId };
  const withoutTerminal = Object.entries(WITHOUT_TERMINAL).filter(([name]) => !(name in policy.set));
  return { ...Object.fromEntries([...chosen, ...withoutTerminal]), ...own };
}

function matcher(patterns: readonly string[]): (name: string) => boolean {
  const upper = patterns.map((pattern) => pattern.toUpperCase());
  return (name) => upper.some((pattern) => matches(pattern, name.toUpperCase()));
}

/** `*` stands for any characters, `?` for one. Takes time in the product of the lengths at worst. */
function matches(pattern: string, name: string): boolean {
  let [at, position, star, resume] = [0, 0, -1, 0];
  while (position < name.length) {
    if (pattern[at] === "*") {
      star = at++;
      resume = position;
    } else if (at < pattern.length && (pattern[at] === "?" || pattern[at] === name[position])) {
      at++;
      position++;
    } else if (star >= 0) {
      at = star + 1;
      position = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[at] === "*") at++;
  return at === pattern.length;
}
