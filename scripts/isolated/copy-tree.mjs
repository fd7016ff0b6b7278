// @ts-check
import { copyFileSync, existsSync, lstatSync, mkdirSync, readlinkSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { runCommand } from "./run-command.mjs";

/**
 * Copies what the repository at `root` holds (tracked, and new but not ignored) as it stands on disk; nothing built or installed.
 * Rejects when `root` is no git work tree.
 * @param {string} root
 * @param {string} target
 * @returns {Promise<readonly string[]>} The paths copied, from the root.
 */
export async function copyTree(root, target) {
  const listed = await runCommand(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: root });
  if (listed.code !== 0) throw new Error(`git ls-files failed in ${root}: ${listed.output}`);
  const paths = [...new Set(listed.output.split("\0"))].filter((path) => path !== "" && isThere(join(root, path)));
  for (const path of paths) copyOne(join(root, path), join(target, path));
  return paths;
}

/** @param {string} path */
function isThere(path) {
  return existsSync(path) || lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/**
 * @param {string} from
 * @param {string} to
 */
function copyOne(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  if (lstatSync(from).isSymbolicLink()) symlinkSync(readlinkSync(from), to);
  else copyFileSync(from, to);
}
