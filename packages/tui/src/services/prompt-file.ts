import type { FileSystem } from "@codex/core";

/** Messages kept in mind, newest last; the file may hold more. */
const KEPT = 1000;
/** A longer file is written anew with what is kept. Bytes. */
const FILE_LIMIT = 2 * 1024 * 1024;

export interface PromptFile {
  /** Oldest first. A file that is missing or damaged gives what can be read of it. */
  load(): Promise<readonly string[]>;
  add(text: string): Promise<void>;
}

/** The messages the user sent, across sessions: one JSON object `{"ts","text"}` a line, readable by its owner only. */
export function openPromptFile(path: string, { fs, now }: { readonly fs: FileSystem; readonly now: () => number }): PromptFile {
  const line = (text: string): string => `${JSON.stringify({ ts: Math.floor(now() / 1000), text })}\n`;
  return {
    async load() {
      const bytes = await fs.readFile(path).catch(() => undefined);
      if (bytes === undefined) return [];
      const texts = new TextDecoder().decode(bytes).split("\n").flatMap(textOf).slice(-KEPT);
      if (bytes.length > FILE_LIMIT) await fs.writeFile(path, texts.map(line).join(""), { mode: 0o600 });
      return texts;
    },
    async add(text) {
      await fs.makeDirectory(path.slice(0, path.lastIndexOf("/")), { mode: 0o700 });
      await fs.appendFile(path, line(text), { mode: 0o600 });
    },
  };
}

function textOf(line: string): string[] {
  try {
    const { text } = JSON.parse(line) as { text?: unknown };
    return typeof text === "string" && text !== "" ? [text] : [];
  } catch {
    return [];
  }
}
