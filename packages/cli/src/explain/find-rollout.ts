import { CodexError, sessionsDirectory } from "@codex/core";
import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";

/**
 * The rollout file of a session: a path, the id of a session or how it begins, or the latest of all. Throws CodexError
 * `file_unreadable` when there is none, or several fit.
 */
export async function findRollout(wanted: string | undefined, codexHome: string, processCwd: string): Promise<string> {
  if (wanted !== undefined && (/[/\\]/u.test(wanted) || wanted.endsWith(".jsonl"))) return resolve(processCwd, wanted);
  const files = await rolloutFiles(sessionsDirectory(codexHome));
  const [latest] = files;
  if (latest === undefined)
    throw missing(`there are no sessions in ${sessionsDirectory(codexHome)}`, "Sessions that are ephemeral leave no record.");
  if (wanted === undefined) return latest;
  const fitting = files.filter((file) => (SESSION_ID.exec(file)?.[1] ?? "").startsWith(wanted));
  const [found, ...more] = fitting;
  if (found === undefined) throw missing(`there is no session ${wanted}`, `The latest is ${SESSION_ID.exec(latest)?.[1] ?? latest}.`);
  if (more.length > 0) throw missing(`${String(fitting.length)} sessions begin with ${wanted}`, "Give more of the id.");
  return found;
}

/** Behind the local time, which has a fixed length. */
const SESSION_ID = /rollout-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-(.+)\.jsonl$/u;

/** The newest first: names begin with the time the session began. */
async function rolloutFiles(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw missing(`${folder} cannot be read: ${error.message}`);
  });
  return names
    .filter((name) => SESSION_ID.test(name))
    .toSorted()
    .toReversed()
    .map((name) => join(folder, name));
}

function missing(message: string, hint?: string): CodexError {
  return new CodexError("file_unreadable", message, { hint });
}
