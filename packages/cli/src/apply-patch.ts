import { isUtf8 } from "node:buffer";
import { readFileSync } from "node:fs";
import { applyPatchText } from "@codex/core";

/**
 * `apply_patch [PATCH]`: applies the patch given as the one argument, or on stdin, to the working directory. Prints the changed
 * files. Exit 0 when it is applied, 1 when it is not and nothing was written, 2 when it was called wrongly.
 */
async function main(args: readonly string[]): Promise<number> {
  if (args.length > 1) return fail(2, `apply_patch takes the patch as one argument, and got ${args.length}. Quote it as a whole.`);
  // No patch begins so.
  if (args[0] === "--help" || args[0] === "-h") return say(`${USAGE}\n\n${HELP}`);
  if (args[0] === "--version" || args[0] === "-V") return say(`apply_patch ${CODEX_VERSION}`);
  const input = await readInput(args[0]);
  if (!input.ok) return fail(1, input.message);
  if (args.length === 0 && input.text === "") return fail(2, USAGE);
  const result = await applyPatchText(input.text, { cwd: process.cwd() });
  for (const notice of result.notices) process.stderr.write(`${notice}\n`);
  if (!result.ok) return fail(1, result.message);
  // Whoever does not read the summary changes nothing about the patch being applied.
  process.stdout.on("error", () => undefined).write(result.summary);
  return 0;
}

/** Put in by the build, from package.json. */
declare const CODEX_VERSION: string;

const USAGE = `Usage: apply_patch PATCH
       apply_patch < FILE`;

const HELP = `Applies the patch to the files below the working directory, all of it or nothing, and prints which changed.
Exit code 0: applied. 1: not applied, nothing was written. 2: called wrongly.

*** Begin Patch
*** Update File: src/app.ts
@@
 unchanged line
-old line
+new line
*** End Patch`;

function say(text: string): number {
  process.stdout.on("error", () => undefined).write(`${text}\n`);
  return 0;
}

type Input = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly message: string };

async function readInput(argument: string | undefined): Promise<Input> {
  if (argument === undefined) return readStdin();
  // Node has replaced what is not UTF-8 in it, and what was there is not to be guessed.
  if (argument.includes("\ufffd") && !areArgumentsUtf8()) return { ok: false, message: "The patch given as argument is not UTF-8." };
  return { ok: true, text: argument };
}

async function readStdin(): Promise<Input> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  } catch (error) {
    return { ok: false, message: `The patch cannot be read from stdin: ${(error as Error).message}.` };
  }
  const bytes = Buffer.concat(chunks);
  return isUtf8(bytes) ? { ok: true, text: bytes.toString("utf8") } : { ok: false, message: "The patch on stdin is not UTF-8." };
}

function areArgumentsUtf8(): boolean {
  try {
    return isUtf8(readFileSync("/proc/self/cmdline"));
  } catch {
    return true;
  }
}

function fail(code: number, message: string): number {
  process.stderr.on("error", () => undefined).write(`${message}\n`);
  return code;
}

process.exitCode = await main(process.argv.slice(2));
