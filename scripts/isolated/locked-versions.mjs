// @ts-check
import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The exact version the lockfile settled for each entry of the catalog, so that an install elsewhere takes the same.
 * @param {string} root
 * @returns {Record<string, string>}
 */
export function lockedVersions(root) {
  const lockfile = readFileSync(join(root, "pnpm-lock.yaml"), "utf8");
  const catalogs = /^catalogs:\n(?<body>(?: .*\n|\n)*)/m.exec(lockfile)?.groups?.["body"] ?? "";
  const entry = /^ {4}'?(?<name>[^\s':]+)'?:\n {6}specifier: .*\n {6}version: (?<version>\S+)$/gm;
  return Object.fromEntries([...catalogs.matchAll(entry)].map(({ groups }) => [groups?.["name"] ?? "", groups?.["version"] ?? ""]));
}
