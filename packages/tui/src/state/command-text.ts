/** A command as a person types it: the script of `bash -lc SCRIPT` alone, else its words quoted for a POSIX shell. */
export function commandText(command: readonly string[]): string {
  const [shell, flag, script] = command;
  if (command.length === 3 && script !== undefined && /(?:^|\/)(?:ba|z|da|k)?sh$/.test(shell ?? "") && /^-l?i?c$/.test(flag ?? ""))
    return script;
  return command.map(quoteWord).join(" ");
}

/** A path below the home as `~/…`. */
export function shortPath(path: string, home: string): string {
  if (home === "" || home === "/") return path;
  if (path === home) return "~";
  return path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}

/** A path below `cwd` without it, else as `shortPath` has it. */
export function relativePath(path: string, cwd: string, home = ""): string {
  return path.startsWith(`${cwd}/`) ? path.slice(cwd.length + 1) : shortPath(path, home);
}

function quoteWord(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", "'\\''")}'`;
}
