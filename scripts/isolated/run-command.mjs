// @ts-check
import { spawn } from "node:child_process";

/** @typedef {{ code: number, output: string, ms: number }} CommandResult `output` is both streams in order of arrival; code 124 = killed at the limit. */

/**
 * Runs a command to its end with no stdin, and returns what it printed. Never rejects.
 * @param {readonly string[]} argv
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv, limitMs?: number }} options
 * @returns {Promise<CommandResult>}
 */
export function runCommand(argv, { cwd, env = process.env, limitMs = 300_000 }) {
  const [program = "", ...args] = argv;
  const start = Date.now();
  return new Promise((settle) => {
    /** @type {Buffer[]} */
    const chunks = [];
    let late = false;
    // Windows starts the .cmd shims of node_modules/.bin through its shell only.
    const shell = process.platform === "win32";
    const child = spawn(shell ? quote(program) : program, shell ? args.map(quote) : args, {
      cwd,
      env,
      shell,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const timer = setTimeout(() => {
      late = true;
      child.kill("SIGKILL");
    }, limitMs);
    const end = (/** @type {number} */ code, /** @type {string} */ extra) => {
      clearTimeout(timer);
      settle({ code, output: Buffer.concat(chunks).toString("utf8") + extra, ms: Date.now() - start });
    };
    child.stdout.on("data", (chunk) => chunks.push(chunk));
    child.stderr.on("data", (chunk) => chunks.push(chunk));
    child.on("error", (error) => end(127, `${error.message}\n`));
    child.on("close", (code) => (late ? end(124, `killed after ${limitMs} ms\n`) : end(code ?? 1, "")));
  });
}

/** @param {string} text */
function quote(text) {
  return /[\s"&|<>^()]/.test(text) ? `"${text.replaceAll('"', '\\"')}"` : text;
}
