import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Opens `text` in the user's editor ($VISUAL, $EDITOR, else vi) and gives what it is then; undefined when the editor failed. */
export async function editText(text: string): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "codex-"));
  try {
    const file = join(folder, "message.md");
    await writeFile(file, text, { mode: 0o600 });
    // The variable may hold options, as in `code --wait`.
    const [program = "vi", ...options] = (process.env["VISUAL"]?.trim() || process.env["EDITOR"]?.trim() || "vi").split(/\s+/);
    const code = await new Promise<number | null>((resolve) => {
      const child = spawn(program, [...options, file], { stdio: "inherit" });
      child.on("error", () => resolve(null));
      child.on("exit", resolve);
    });
    return code === 0 ? await readFile(file, "utf8") : undefined;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
