import type { ShellName } from "./parse.ts";

/** A command line that hands a script to a POSIX-like shell. */
export interface ShellCommandScript {
  readonly shell: ShellName;
  /** `-lc`: the shell reads the user's profile first. */
  readonly login: boolean;
  readonly script: string;
}

/**
 * Recognises exactly `[bash|zsh|sh, -lc|-c, SCRIPT]`, the shell by the basename of the first word. Anything else, also more
 * words after the script, gives undefined. Says nothing about where the shell was found: who trusts it checks its path.
 */
export function shellCommandScript(argv: readonly string[]): ShellCommandScript | undefined {
  const [program, flag, script] = argv;
  if (argv.length !== 3 || program === undefined || script === undefined) return undefined;
  if (flag !== "-c" && flag !== "-lc") return undefined;
  // The shell would read it as more options.
  if (/^[-+]/u.test(script)) return undefined;
  const shell = program.slice(program.lastIndexOf("/") + 1);
  if (shell !== "bash" && shell !== "zsh" && shell !== "sh") return undefined;
  return { shell, login: flag === "-lc", script };
}
