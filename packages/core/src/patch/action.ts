import type { FileChange, PatchHunk } from "../protocol/event.ts";

/** A patch computed against the files as they are: every new content known, nothing written. */
export interface ApplyPatchAction {
  /** Absolute; where the patch's relative paths start. */
  readonly cwd: string;
  /** What happens to each file in the end, in the order of first mention. Several sections on one file are one change. */
  readonly changes: readonly PatchChange[];
  /** What has to be done on disk for it. */
  readonly steps: readonly PatchStep[];
  /** Its parts, each of which can be left out. */
  readonly hunks: readonly ActionHunk[];
  /** One entry per section, in order, with the path as the patch spells it. */
  readonly summary: readonly SummaryEntry[];
}

/** Paths are absolute and lexically normal; links in them are not resolved. */
export type PatchChange =
  | { readonly type: "add"; readonly path: string; readonly content: Uint8Array }
  | { readonly type: "delete"; readonly path: string; /** Undefined when it could not be read. */ readonly before: Uint8Array | undefined }
  | {
      readonly type: "update";
      readonly path: string;
      readonly before: Uint8Array;
      readonly newContent: Uint8Array;
      /** Hunks without file headers, made when asked for; empty when the content stays. */
      readonly unifiedDiff: string;
      readonly movePath: string | undefined;
    };

/** Paths are absolute, links resolved: where the bytes really go. Removals come first. */
export type PatchStep =
  | {
      readonly type: "remove";
      readonly path: string;
      /** Content now; undefined when it could not be read. */ readonly before: Uint8Array | undefined;
    }
  | {
      readonly type: "write";
      readonly path: string;
      readonly content: Uint8Array;
      /** Content now, which has to be there still when the step is taken; undefined when nothing is there, or it is removed first. */
      readonly before: Uint8Array | undefined;
      /** Permission bits to keep; undefined for a new file. */
      readonly mode: number | undefined;
    };

/** A hunk as events carry it, its diff made when it is asked for. */
export interface ActionHunk extends Omit<PatchHunk, "unified_diff"> {
  readonly diff?: () => string;
}

export interface SummaryEntry {
  readonly kind: "A" | "M" | "D";
  readonly path: string;
}

/** Every path the patch names: sources and targets of moves too. */
export function touchedPaths(action: ApplyPatchAction): string[] {
  const paths = action.changes.flatMap((change) =>
    change.type === "update" && change.movePath !== undefined ? [change.path, change.movePath] : [change.path],
  );
  return [...new Set(paths)];
}

/** The changes as events carry them, by absolute path. */
export function fileChanges(action: ApplyPatchAction): Record<string, FileChange> {
  const changes: Record<string, FileChange> = {};
  for (const change of action.changes) changes[change.path] = fileChange(change);
  return changes;
}

/** The hunks as events carry them. */
export function eventHunks(action: ApplyPatchAction): PatchHunk[] {
  return action.hunks.map(({ diff, ...hunk }) => (diff === undefined ? hunk : { ...hunk, unified_diff: diff() }));
}

/** What the model and the user read when the patch is applied: additions, then modifications, then deletions. */
export function summaryText(action: ApplyPatchAction): string {
  const lines = (["A", "M", "D"] as const).flatMap((kind) =>
    action.summary.filter((entry) => entry.kind === kind).map((entry) => `${kind} ${entry.path}\n`),
  );
  return `Success. Updated the following files:\n${lines.join("")}`;
}

function fileChange(change: PatchChange): FileChange {
  switch (change.type) {
    case "add":
      return { add: { content: Buffer.from(change.content).toString("utf8") } };
    case "delete":
      return "delete";
    case "update":
      return { update: { unified_diff: change.unifiedDiff, move_path: change.movePath ?? null } };
  }
}
