import { findCodexHome } from "../config/paths.ts";
import { createPatchHost, type PatchHost } from "../node/patch-host.ts";
import { applyPatch } from "../patch/apply.ts";
import { computePatch } from "../patch/compute.ts";
import { describeSyntaxError, parsePatch } from "../patch/parse.ts";
import { journalFolders } from "../safety/journal-folders.ts";
import { recoverPatchesIn } from "../safety/recover-patches.ts";

export interface ApplyPatchTextOptions {
  /** Absolute; where the patch's relative paths start. */
  readonly cwd: string;
  /** Default: this machine. */
  readonly host?: PatchHost;
}

export type ApplyPatchTextResult =
  /** `summary` lists the files as `apply_patch` prints them. */
  | { readonly ok: true; readonly summary: string; readonly notices: readonly string[] }
  /** Nothing was written, unless `message` names what could not be brought back. */
  | { readonly ok: false; readonly message: string; readonly notices: readonly string[] };

/**
 * Applies a patch without a session, all or nothing. Patches in `cwd` that a crash cut off are taken back before; `notices` tells
 * of them, and of temporary files that stayed. Nobody is asked and no policy is looked at: that is for the caller.
 */
export async function applyPatchText(text: string, options: ApplyPatchTextOptions): Promise<ApplyPatchTextResult> {
  const { cwd, host = createPatchHost() } = options;
  const { fs, identity, random } = host;
  const place = { codexHome: codexHome(host, cwd), cwd };
  const notices = await recoverPatchesIn(place, host);
  const parsed = parsePatch(text);
  if (!parsed.ok) return { ok: false, message: describeSyntaxError(parsed.error), notices };
  const computed = await computePatch(parsed.patch, cwd, { fs });
  if (!computed.ok) return { ok: false, message: computed.fault.message, notices };
  const token = Buffer.from(random.bytes(8)).toString("hex");
  const outcome = await applyPatch(computed.action, fs, {
    token,
    owner: identity?.id ?? "unknown",
    journalFolders: await journalFolders(fs, place),
  });
  if (!outcome.ok) {
    const left = outcome.notRestored.map(({ path, reason }) => `\nNot brought back to what it was: ${path} (${reason}).`).join("");
    return { ok: false, message: outcome.message + left, notices };
  }
  const kept = outcome.leftovers.map((path) => `The temporary file ${path} could not be removed.`);
  return { ok: true, summary: outcome.summary, notices: [...notices, ...kept] };
}

/** Undefined where there is no home. */
function codexHome(host: PatchHost, cwd: string): string | undefined {
  try {
    return findCodexHome(host, cwd).path;
  } catch {
    return undefined;
  }
}
