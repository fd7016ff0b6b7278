import { join } from "node:path";
import type { Config } from "../config/config.ts";
import { projectDirectories } from "../config/project-root.ts";
import type { Host } from "../host/host.ts";

/** Instructions for agents that a user or a project keeps in files. */
export interface ProjectDoc {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
  /** Bytes left out because the file is longer than `project_doc_max_bytes`. */
  readonly cutBytes: number;
}

const OVERRIDE = "AGENTS.override.md";
const STANDARD = "AGENTS.md";

/**
 * The chain of instruction files: the one in the Codex home, then one per directory from the project's root down to cwd.
 * In a directory `AGENTS.override.md` wins over `AGENTS.md`, which wins over the configured fallback names; blank files are
 * passed over. The root is the nearest directory upwards that holds a root marker; without one only cwd is looked at.
 */
export async function readProjectDocs(config: Config, host: Pick<Host, "fs" | "log">): Promise<readonly ProjectDoc[]> {
  if (config.projectDoc.maxBytes === 0) return [];
  const names = [OVERRIDE, STANDARD, ...config.projectDoc.fallbackFilenames];
  const directories = await projectDirectories(config, host.fs);
  const found = await Promise.all([
    firstDoc(placesIn(config.codexHome, [OVERRIDE, STANDARD]), config.projectDoc.maxBytes, host),
    ...directories.map((directory) => firstDoc(placesIn(directory, names), config.projectDoc.maxBytes, host)),
  ]);
  return found.filter((doc) => doc !== undefined);
}

function placesIn(directory: string, names: readonly string[]): readonly string[] {
  return names.map((name) => join(directory, name));
}

async function firstDoc(places: readonly string[], maxBytes: number, host: Pick<Host, "fs" | "log">): Promise<ProjectDoc | undefined> {
  const docs = await Promise.all(places.map((path) => readDoc(path, maxBytes, host)));
  return docs.find((doc) => doc !== undefined);
}

async function readDoc(path: string, maxBytes: number, host: Pick<Host, "fs" | "log">): Promise<ProjectDoc | undefined> {
  let bytes: Uint8Array;
  try {
    const stat = await host.fs.stat(path);
    if (stat === undefined) return undefined;
    // A repository may bring a link to a device or a pipe, which has no end.
    if (stat.kind !== "file") throw new Error("it is not a file");
    bytes = await host.fs.readFile(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "ENOTDIR") host.log.write("warn", "an instruction file cannot be read", { path, error: message });
    return undefined;
  }
  const text = new TextDecoder().decode(bytes.subarray(0, maxBytes)).trim();
  return text === "" ? undefined : { path, text, cutBytes: Math.max(0, bytes.length - maxBytes) };
}
