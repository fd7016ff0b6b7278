// @ts-check
import { delimiter, sep } from "node:path";
import { runCommand } from "./run-command.mjs";

const FALLBACK = ["npx", "-y", "pnpm@12.21.0"];

/**
 * How to start pnpm: the one that runs this script, else the one on PATH, else the pinned one through npx.
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<readonly string[]>}
 */
export async function findPnpm(env = process.env) {
  const running = env["npm_execpath"] ?? "";
  if (/[\\/]pnpm(\.exe)?$/.test(running)) return [running];
  if (/[\\/]pnpm\.[cm]?js$/.test(running)) return [process.execPath, running];
  const { code } = await runCommand(["pnpm", "--version"], { cwd: process.cwd(), env });
  return code === 0 ? ["pnpm"] : FALLBACK;
}

/**
 * The environment without what the surrounding `pnpm run` put into it, so that nothing of the workspace at `root` shines through.
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
export function cleanEnvironment(root, env = process.env) {
  const kept = Object.entries(env).filter(
    ([name]) =>
      !/^(npm_lifecycle_|npm_package_|npm_command$|npm_config_local_prefix$|INIT_CWD$|PNPM_SCRIPT_SRC_DIR$|NODE_PATH$|NODE_OPTIONS$)/.test(
        name,
      ),
  );
  const home = root.endsWith(sep) ? root : root + sep;
  return Object.fromEntries(
    kept.map(([name, value]) => [
      name,
      /^path$/i.test(name)
        ? (value ?? "")
            .split(delimiter)
            .filter((folder) => !folder.startsWith(home))
            .join(delimiter)
        : value,
    ]),
  );
}
