import type { SessionGrants } from "../tools/tool.ts";

/** Grants that last as long as the session. Commands are compared word by word. */
export function createSessionGrants(): SessionGrants {
  const commands = new Set<string>();
  const roots = new Set<string>();
  return {
    hasCommand: (argv) => commands.has(JSON.stringify(argv)),
    addCommand: (argv) => void commands.add(JSON.stringify(argv)),
    get roots() {
      return [...roots];
    },
    addRoot: (directory) => void roots.add(directory),
  };
}
