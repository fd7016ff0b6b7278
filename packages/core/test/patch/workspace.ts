import { mkdtemp, mkdir, readFile, readdir, realpath, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { FileSystem } from "../../src/host/host.ts";
import { nodeFileSystem } from "../../src/node/file-system.ts";
import type { ApplyPatchAction } from "../../src/patch/action.ts";
import { applyPatch, type ApplyPatchOptions, type ApplyPatchOutcome } from "../../src/patch/apply.ts";
import { computePatch } from "../../src/patch/compute.ts";
import { describeSyntaxError, parsePatch } from "../../src/patch/parse.ts";

/** The process that applies, as the journals name it. */
export const OWNER = "m-b-n-1-1";
let applied = 0;

/** A real temporary folder with files in it. */
export interface Workspace {
  readonly root: string;
  /** Where the journals of its patches are. */
  readonly journals: string;
  readonly write: (path: string, content: string | Uint8Array) => Promise<void>;
  readonly read: (path: string) => Promise<string>;
  /** Bytes as Latin-1, one character per byte. */
  readonly bytes: (path: string) => Promise<string>;
  readonly mode: (path: string) => Promise<number>;
  /** Every file, relative, sorted; folders end in a slash. */
  readonly list: () => Promise<string[]>;
  readonly carryOut: (action: ApplyPatchAction, fs?: FileSystem, options?: Partial<ApplyPatchOptions>) => Promise<ApplyPatchOutcome>;
  readonly compute: (patch: string, fs?: FileSystem) => Promise<ApplyPatchAction>;
  /** The summary, or the error prefixed with "error: ". */
  readonly apply: (patch: string, fs?: FileSystem) => Promise<string>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function openWorkspace(files: Readonly<Record<string, string | Uint8Array>> = {}): Promise<Workspace> {
  const base = await realpath(await mkdtemp(join(tmpdir(), "patch-test-")));
  const [root, journals] = [join(base, "work"), join(base, "journals")];
  await mkdir(root);
  const workspace: Workspace = {
    root,
    journals,
    async write(path, content) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), content);
    },
    read: (path) => readFile(join(root, path), "utf8"),
    bytes: (path) => readFile(join(root, path), "latin1"),
    mode: async (path) => (await stat(join(root, path))).mode & 0o777,
    async list() {
      const entries = await readdir(root, { recursive: true, withFileTypes: true });
      return entries.map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1) + (entry.isDirectory() ? "/" : "")).sort();
    },
    carryOut: (action, fs = nodeFileSystem, options = {}) =>
      applyPatch(action, fs, {
        token: `test${String(applied++).padStart(8, "0")}`,
        owner: OWNER,
        journalFolders: [{ path: journals }],
        ...options,
      }),
    async compute(patch, fs = nodeFileSystem) {
      const parsed = parsePatch(patch);
      if (!parsed.ok) throw new Error(describeSyntaxError(parsed.error));
      const computed = await computePatch(parsed.patch, root, { fs });
      if (!computed.ok) throw new Error(computed.fault.message.replaceAll(`${root}/`, ""));
      return computed.action;
    },
    async apply(patch, fs = nodeFileSystem) {
      const parsed = parsePatch(patch);
      if (!parsed.ok) return `error: ${describeSyntaxError(parsed.error)}`;
      const computed = await computePatch(parsed.patch, root, { fs });
      if (!computed.ok) return `error: ${computed.fault.message.replaceAll(`${root}/`, "")}`;
      const outcome = await workspace.carryOut(computed.action, fs);
      return outcome.ok ? outcome.summary : `error: ${outcome.message.replaceAll(`${root}/`, "")}`;
    },
    [Symbol.asyncDispose]: () => rm(base, { recursive: true, force: true }),
  };
  for (const [path, content] of Object.entries(files)) await workspace.write(path, content);
  return workspace;
}

/** The body lines between the markers. */
export function patchOf(...lines: string[]): string {
  return ["*** Begin Patch", ...lines, "*** End Patch"].join("\n");
}
