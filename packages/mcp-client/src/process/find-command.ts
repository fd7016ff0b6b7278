import { accessSync, constants, readdirSync, statSync } from "node:fs";
import { delimiter, isAbsolute, join, resolve } from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

export type FoundCommand =
  | { readonly ok: true; readonly path: string }
  | { readonly ok: false; readonly message: string; readonly hint: string | undefined };

/** The file that `command` means on the server's own PATH, and where else it lies when it is not there. */
export function findCommand(command: string, env: Environment, cwd: string): FoundCommand {
  if (/[\\/]/.test(command)) {
    const path = isAbsolute(command) ? command : resolve(cwd, command);
    return isProgram(path, env) ? { ok: true, path } : { ok: false, message: `${path} is not a program that can be run`, hint: undefined };
  }
  const folders = pathOf(env).split(delimiter).filter(Boolean);
  const path = firstProgram(folders, command, env);
  if (path !== undefined) return { ok: true, path };
  const elsewhere = firstProgram(usualFolders(env), command, env);
  return {
    ok: false,
    message: `\`${command}\` was not found on the PATH (${folders.length === 0 ? "which is empty" : folders.join(delimiter)})`,
    hint:
      elsewhere === undefined
        ? undefined
        : `There is ${elsewhere}: give that as the command, or add its folder to PATH in the server's env.`,
  };
}

function firstProgram(folders: readonly string[], command: string, env: Environment): string | undefined {
  for (const folder of folders) {
    for (const extension of extensions(env)) {
      const path = join(folder, command + extension);
      if (isFile(path)) return path;
    }
  }
  return undefined;
}

function extensions(env: Environment): readonly string[] {
  if (process.platform !== "win32") return [""];
  return ["", ...(env["PATHEXT"] ?? ".COM;.EXE;.BAT;.CMD").split(";")];
}

function isProgram(path: string, env: Environment): boolean {
  return extensions(env).some((extension) => isFile(path + extension));
}

function isFile(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function pathOf(env: Environment): string {
  return env["PATH"] ?? Object.entries(env).find(([name]) => name.toUpperCase() === "PATH")?.[1] ?? "";
}

/** Where version managers and package managers put programs without a graphical session knowing. */
function usualFolders(env: Environment): readonly string[] {
  const home = env["HOME"] ?? env["USERPROFILE"];
  const system = ["/opt/homebrew/bin", "/usr/local/bin", "/home/linuxbrew/.linuxbrew/bin", "/snap/bin"];
  if (home === undefined) return system;
  const own = [".local/bin", ".volta/bin", ".local/share/mise/shims", ".asdf/shims", ".bun/bin", ".deno/bin", ".cargo/bin", "go/bin"];
  return [
    ...own.map((folder) => join(home, folder)),
    ...versions(join(home, ".nvm/versions/node"), "bin"),
    ...versions(join(home, ".local/share/fnm/node-versions"), "installation/bin"),
    ...system,
  ];
}

function versions(folder: string, below: string): readonly string[] {
  try {
    return readdirSync(folder)
      .map((version) => join(folder, version, below))
      .reverse();
  } catch {
    return [];
  }
}
