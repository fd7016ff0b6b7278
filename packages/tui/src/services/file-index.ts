import type { Host } from "@codex/core";
import { runProgram } from "./run-program.ts";

/** Paths looked at, at most. */
const LIMIT = 100_000;
/** Without git a folder with more than this is cut off. */
const WALK_LIMIT = 20_000;
/** How long a list holds before it is made again. ms. */
const FRESH_MS = 5_000;

const SKIPPED = new Set(["node_modules", "target", "dist", "build", "__pycache__", "venv"]);

export interface FileIndex {
  /** The files below the folder that no .gitignore hides, relative, as they were at most 5 s ago. */
  list(): Promise<readonly string[]>;
}

/** git tells which files count; outside of a repository hidden and generated folders are passed over. */
export function openFileIndex(host: Pick<Host, "processes" | "env" | "fs" | "clock">, cwd: string, signal: AbortSignal): FileIndex {
  let made: { readonly at: number; readonly files: Promise<readonly string[]> } | undefined;
  return {
    list() {
      const now = host.clock.monotonic();
      if (made === undefined || now - made.at > FRESH_MS) made = { at: now, files: findFiles(host, cwd, signal) };
      return made.files;
    },
  };
}

async function findFiles(host: Pick<Host, "processes" | "env" | "fs">, cwd: string, signal: AbortSignal): Promise<readonly string[]> {
  const argv = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"] as const;
  const { outcome, output } = await runProgram(host, [...argv], { cwd, signal });
  if (outcome.type === "exited" && outcome.exitCode === 0)
    return [...new Set(output.split("\0"))].filter((path) => path !== "").slice(0, LIMIT);
  return walk(host.fs, cwd);
}

async function walk(fs: Host["fs"], root: string): Promise<readonly string[]> {
  const found: string[] = [];
  const folders = [""];
  for (let folder = folders.shift(); folder !== undefined && found.length < WALK_LIMIT; folder = folders.shift()) {
    const base = folder === "" ? "" : `${folder}/`;
    // oxlint-disable-next-line no-await-in-loop -- folder after folder, so that the nearest files come first
    const names = await fs.readDirectory(`${root}/${base}`).catch(() => []);
    const visible = names.filter((name) => !name.startsWith(".") && !SKIPPED.has(name)).toSorted();
    // oxlint-disable-next-line no-await-in-loop -- as above
    const stats = await Promise.all(
      visible.map(async (name) => ({ name, stat: await fs.lstat(`${root}/${base}${name}`).catch(() => undefined) })),
    );
    for (const { name, stat } of stats) {
      if (stat?.kind === "directory") folders.push(`${base}${name}`);
      else if (stat?.kind === "file") found.push(`${base}${name}`);
    }
  }
  return found;
}
