import { isAbsolute, join, resolve } from "node:path";
import type { FileStat, Host } from "../host/host.ts";
import { CodexError } from "../protocol/error-code.ts";

export type ConfigHost = Pick<Host, "env" | "fs" | "platform">;

export interface CodexHome {
  /** Absolute. */
  readonly path: string;
  /** Named by CODEX_HOME, and so must exist. */
  readonly named: boolean;
}

/** Where the Codex home should be: CODEX_HOME, else `.codex` in the user's home. Throws CodexError `home_unusable`. */
export function findCodexHome(host: Pick<Host, "env" | "platform">, processCwd: string): CodexHome {
  const named = host.env["CODEX_HOME"];
  if (named !== undefined && named !== "") return { path: resolve(processCwd, named), named: true };
  const user = userHome(host);
  if (user === undefined) {
    const variable = host.platform.os === "win32" ? "USERPROFILE" : "HOME";
    throw new CodexError(
      "home_unusable",
      `neither CODEX_HOME nor ${variable} is set, so there is no place for configuration and sessions`,
      {
        hint: "Set CODEX_HOME to an existing directory.",
      },
    );
  }
  return { path: resolve(processCwd, user, ".codex"), named: false };
}

/** The home in canonical form. A home named by CODEX_HOME must be a directory; the default one need not exist. */
export async function openCodexHome(home: CodexHome, fs: Host["fs"]): Promise<string> {
  if (!home.named) return home.path;
  const hint = "Make the directory, or point CODEX_HOME at an existing one.";
  const directory = await openDirectory(home.path, fs);
  if (directory.ok) return directory.path;
  throw new CodexError("home_unusable", `CODEX_HOME is ${home.path}, which ${directory.reason}`, { hint });
}

/** The session's working directory in canonical form. Throws CodexError `cwd_not_found`. */
export async function openWorkingDirectory(cwd: string, fs: Host["fs"]): Promise<string> {
  const directory = await openDirectory(cwd, fs);
  if (directory.ok) return directory.path;
  throw new CodexError("cwd_not_found", `the working directory ${cwd} ${directory.reason}`);
}

type OpenedDirectory = { readonly ok: true; readonly path: string } | { readonly ok: false; readonly reason: string };

async function openDirectory(path: string, fs: Host["fs"]): Promise<OpenedDirectory> {
  let stat: FileStat | undefined;
  let real: string;
  try {
    [stat, real] = await Promise.all([fs.stat(path), fs.realPath(path)]);
  } catch (error) {
    return { ok: false, reason: describeFileError(error) };
  }
  if (stat === undefined) return { ok: false, reason: "does not exist" };
  return stat.kind === "directory" ? { ok: true, path: real } : { ok: false, reason: "is not a directory" };
}

/** `error` of a file operation as the end of a sentence that begins with the path. */
export function describeFileError(error: unknown): string {
  switch (errorCode(error)) {
    case "ENOENT":
      return "does not exist";
    case "ENOTDIR":
      return "lies below something that is not a directory";
    case "EACCES":
    case "EPERM":
      return "cannot be read: permission denied";
    case "EISDIR":
      return "is a directory, not a file";
    case "ELOOP":
      return "cannot be read: its symbolic links go in a circle";
    default:
      return `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Node's code of a failed file operation. */
export function errorCode(error: unknown): string | undefined {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return typeof code === "string" ? code : undefined;
}

/** Makes a configured path absolute: `~/` is the user's home, other relative paths start at `baseDirectory`. */
export function resolveConfiguredPath(path: string, baseDirectory: string, home: string | undefined): string {
  if (isAbsolute(path)) return resolve(path);
  const below = /^~(?:[/\\]|$)/.test(path) ? path.slice(2) : undefined;
  return below !== undefined && home !== undefined ? resolve(home, below) : resolve(baseDirectory, path);
}

/** The user's home directory by the environment. */
export function userHome(host: Pick<Host, "env" | "platform">): string | undefined {
  const home = host.env[host.platform.os === "win32" ? "USERPROFILE" : "HOME"];
  return home === undefined || home === "" ? undefined : home;
}

export function logDirectory(codexHome: string): string {
  return join(codexHome, "log");
}

/** Where logins to MCP servers are kept. */
export function mcpTokenFile(codexHome: string): string {
  return join(codexHome, "mcp-tokens.json");
}

/** The directory rollouts are kept under. */
export function sessionsDirectory(codexHome: string): string {
  return join(codexHome, "sessions");
}
