import { CodexError, type Host } from "@codex/core";
import { dirname, resolve } from "node:path";

/** The file of `-o`, absolute. Throws a CodexError `file_unreadable` when it is plain already that it cannot be written. */
export async function checkLastMessageFile(file: string, cwd: string, fs: Host["fs"]): Promise<string> {
  const path = resolve(cwd, file);
  const unusable = (why: string): CodexError => new CodexError("file_unreadable", `--output-last-message ${path}: ${why}`);
  const [target, directory] = await Promise.all([fs.stat(path).catch(() => undefined), fs.stat(dirname(path)).catch(() => undefined)]);
  if (target?.kind === "directory") throw unusable("is a directory");
  if (directory === undefined) throw unusable(`the folder ${dirname(path)} does not exist`);
  if (directory.kind !== "directory") throw unusable(`${dirname(path)} is not a folder`);
  return path;
}

/** Writes the message as it is, without a line feed at its end. */
export async function writeLastMessage(path: string, message: string | null, fs: Host["fs"]): Promise<void> {
  try {
    await fs.writeFile(path, message ?? "");
  } catch (error) {
    throw new CodexError("internal", `the final message could not be written to ${path}: ${(error as Error).message}`, { cause: error });
  }
}
