import { resolve } from "node:path";
import { trim } from "./fold.ts";

export type DetectedPatch =
  /** The command does nothing but apply `input`. `baseDirectory` is absolute. */
  | { readonly type: "patch"; readonly input: string; readonly baseDirectory: string }
  /** A patch that is not handed to apply_patch; `message` is for the model. */
  | { readonly type: "refused"; readonly message: string }
  | { readonly type: "none" };

const NAMES: ReadonlySet<string> = new Set(["apply_patch", "applypatch"]);
/** What a shell changes in a here document whose word is not quoted. */
const EXPANDED = /[$`]|\\[\\\n]/;
const NONE: DetectedPatch = { type: "none" };

/**
 * Recognises a command that solely applies a patch: `["apply_patch", PATCH]`, or a bash, zsh or sh script that is nothing but
 * `apply_patch <<'EOF' … EOF`, also after `cd DIR &&`. Anything around it makes it an ordinary command. `cwd` is absolute.
 */
export async function detectApplyPatch(argv: readonly string[], cwd: string): Promise<DetectedPatch> {
  const [program, argument, script] = argv;
  if (argv.length === 1) return isBarePatch(program ?? "") ? refuseBarePatch() : NONE;
  if (argv.length === 2) return NAMES.has(program ?? "") ? { type: "patch", input: argument ?? "", baseDirectory: cwd } : NONE;
  return argv.length === 3 ? detectInScript(argv, script ?? "", cwd) : NONE;
}

async function detectInScript(argv: readonly string[], script: string, cwd: string): Promise<DetectedPatch> {
  // The shell grammar is loaded only for a script that can matter.
  if (!/apply_?patch|^\s*\*\*\* Begin Patch/.test(script)) return NONE;
  const { heredocCommand, shellCommandScript } = await import("@codex/execpolicy");
  if (shellCommandScript(argv) === undefined) return NONE;
  if (isBarePatch(script)) return refuseBarePatch();
  const command = heredocCommand(script);
  if (command === undefined || !readsHeredoc(command.words)) return NONE;
  if (!command.quoted && EXPANDED.test(command.body)) return refuseExpansion(command.body);
  return { type: "patch", input: command.body, baseDirectory: resolve(cwd, command.directory ?? ".") };
}

function readsHeredoc([name, ...words]: readonly [string, ...string[]]): boolean {
  return NAMES.has(name) && (words.length === 0 || (words.length === 1 && words[0] === "-"));
}

function isBarePatch(text: string): boolean {
  return trim(text).startsWith("*** Begin Patch");
}

function refuseBarePatch(): DetectedPatch {
  const message =
    'This is a patch without a command, so nothing was done. Call it as ["apply_patch", PATCH], with the whole patch as the one argument.';
  return { type: "refused", message };
}

/** Neither reading is safe: the shell's would lose text that is meant, the other is not what the command says. */
function refuseExpansion(body: string): DetectedPatch {
  const line = body.slice(0, body.search(EXPANDED)).split("\n").length;
  const message =
    `Nothing was done: the word of the here document is not quoted, so the shell would replace what follows a "$", a backquote or a backslash, ` +
    `first on line ${line} of the patch. Quote it: apply_patch <<'EOF'`;
  return { type: "refused", message };
}
