/** A command as one line that a POSIX shell would read back as the same words; control characters are written as escapes. */
export function quoteCommand(argv: readonly string[]): string {
  return argv.map(quoteWord).join(" ");
}

function quoteWord(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  if (UNPRINTABLE.test(word)) return `$'${word.replace(/['\\]/g, "\\$&").replace(UNPRINTABLE_ALL, escapeOf)}'`;
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** Line feeds and tabs are left as they are: scripts are easier to read that way. */
const UNPRINTABLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
const UNPRINTABLE_ALL = new RegExp(UNPRINTABLE.source, "g");

function escapeOf(character: string): string {
  const code = character.charCodeAt(0);
  return code <= 0x7f ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
}
