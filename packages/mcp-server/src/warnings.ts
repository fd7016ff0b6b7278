/** A host that sends garbage without end must not fill stderr. */
const MAX_WARNINGS = 100;

/** Lines on stderr, so many and no more. */
export function limitedWarnings(): (text: string) => void {
  let left = MAX_WARNINGS;
  return (text) => {
    left -= 1;
    if (left >= 0) process.stderr.write(`codex-mcp-server: ${text}\n`);
    if (left === 0) process.stderr.write("codex-mcp-server: further warnings are not shown\n");
  };
}
