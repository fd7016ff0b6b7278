import type { RuleFileSystem } from "@codex/execpolicy";
import { randomBytes } from "node:crypto";
import { mkdir, open, readFile, realpath, rename, rm, stat, writeFile } from "node:fs/promises";

/** The machine's files as rules are written to them: whole files only, for their owner alone. A link stays one, and what it leads to is replaced. */
export const nodeRuleFiles: RuleFileSystem = {
  readText: (path) => unless("ENOENT", () => readFile(path, "utf8")),
  replaceText: async (path, text) => {
    const target = (await unless("ENOENT", () => realpath(path))) ?? path;
    const mode = (await unless("ENOENT", () => stat(target)))?.mode ?? 0o600;
    const fresh = `${target}.${randomBytes(6).toString("hex")}`;
    try {
      await writeFile(fresh, text, { mode: mode & 0o777, flag: "wx" });
      await rename(fresh, target);
    } catch (error) {
      await rm(fresh, { force: true });
      throw error;
    }
  },
  makeDirectory: async (path) => {
    await mkdir(path, { recursive: true, mode: 0o700 });
  },
  createExclusively: async (path) => {
    const file = await unless("EEXIST", () => open(path, "wx", 0o600));
    await file?.close();
    return file !== undefined;
  },
  ageMs: async (path) => {
    const found = await unless("ENOENT", () => stat(path));
    return found === undefined ? undefined : Date.now() - found.mtimeMs;
  },
  remove: (path) => rm(path, { force: true }),
  waitMs: (ms) =>
    new Promise((resolve) => {
      setTimeout(resolve, ms);
    }),
};

async function unless<Result>(code: string, action: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await action();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === code) return undefined;
    throw error;
  }
}
