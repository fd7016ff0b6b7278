import { CodexError, didYouMean } from "@codex/core";
import { runPrefixCheck } from "@codex/execpolicy";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { resolve } from "node:path";
import { decodeUtf8 } from "../input/utf8.ts";
import { harmless } from "../terminal/harmless.ts";

/** `codex execpolicy check …`. Returns the exit code; the decision is in what is printed and not in it. */
export async function execpolicy([what = "", ...args]: readonly string[]): Promise<number> {
  if (what !== "check") {
    throw new CodexError("usage", `there is no execpolicy command ${JSON.stringify(what)}${didYouMean(what, ["check"])}`, {
      hint: "Usage: codex execpolicy check --rules FILE… [--as-session] [--pretty] [--] COMMAND…",
    });
  }
  const cwd = process.cwd();
  const { stdout, stderr, exitCode } = await runPrefixCheck(args, {
    cwd,
    home: homedir(),
    readFile: (path) => readRules(resolve(cwd, path)),
  });
  process.stdout.write(stdout);
  process.stderr.write(harmless(stderr));
  return exitCode;
}

async function readRules(
  path: string,
): Promise<{ readonly ok: true; readonly text: string } | { readonly ok: false; readonly message: string }> {
  try {
    const bytes = await readFile(path);
    const decoded = decodeUtf8(bytes);
    // With its byte order mark, which the rules complain about.
    return decoded.ok ? { ok: true, text: bytes.toString("utf8") } : { ok: false, message: `byte ${String(decoded.offset)} is not UTF-8` };
  } catch (error) {
    return { ok: false, message: (error as Error).message };
  }
}
