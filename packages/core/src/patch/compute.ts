import { resolve } from "node:path";
import type { FileSystem } from "../host/host.ts";
import type { ActionHunk, ApplyPatchAction, PatchChange, PatchStep, SummaryEntry } from "./action.ts";
import { PatchRefused, type PatchFault } from "./fault.ts";
import { applyEdits, editsOf } from "./line-edits.ts";
import { placeChunks } from "./match.ts";
import type { AddSection, DeleteSection, Patch, PatchSection, UpdateSection } from "./parse.ts";
import { readLines } from "./source-lines.ts";
import { checkRoomFor, contentOf, linkTarget, nodeAt, openTree, type FileContent, type Tree, type TreeNode } from "./tree.ts";
import { diffContents, renderHunks } from "./unified-diff.ts";

export type ComputePatchResult =
  | { readonly ok: true; readonly action: ApplyPatchAction }
  | { readonly ok: false; readonly fault: PatchFault };

/**
 * Verifies a patch against the files as they are and computes every new content. Only reads. Sections are composed in order:
 * a later one sees what an earlier one did. `cwd` is absolute. With `chosen`, ids of hunks, the others are left out; each stays
 * where it was in the whole patch.
 */
export async function computePatch(
  patch: Patch,
  cwd: string,
  { fs, chosen }: { readonly fs: FileSystem; readonly chosen?: ReadonlySet<string> },
): Promise<ComputePatchResult> {
  const tree = openTree(
    fs,
    patch.sections.map((section) => resolve(cwd, section.path)),
  );
  const progress: Progress = { tree, cwd, isChosen: (id) => chosen?.has(id) !== false, hunks: [], summary: [] };
  try {
    for (const [i, section] of patch.sections.entries()) await takeSection(progress, section, i + 1);
    const { hunks, summary } = progress;
    return { ok: true, action: { cwd, changes: await changesOf(tree), steps: stepsOf(tree), hunks, summary } };
  } catch (error) {
    if (error instanceof PatchRefused) return { ok: false, fault: error.fault };
    throw error;
  }
}

interface Progress {
  readonly tree: Tree;
  readonly cwd: string;
  readonly isChosen: (id: string) => boolean;
  readonly hunks: ActionHunk[];
  readonly summary: SummaryEntry[];
}

async function takeSection(progress: Progress, section: PatchSection, number: number): Promise<void> {
  const { tree, cwd, hunks, summary } = progress;
  const path = resolve(cwd, section.path);
  if (section.type === "update") return updateFile(progress, section, { path, number });
  const id = String(number);
  if (!progress.isChosen(id)) return;
  hunks.push({ id, kind: section.type, path, line: section.line });
  summary.push({ kind: section.type === "add" ? "A" : "D", path: section.path });
  await (section.type === "add" ? addFile(tree, path, section) : deleteFile(tree, path, section));
}

async function addFile(tree: Tree, path: string, section: AddSection): Promise<void> {
  const node = await nodeAt(tree, path);
  if (node.current === "link") {
    const dangles = await linkTarget(tree, node).then(
      () => false,
      () => true,
    );
    const wayOut = dangles
      ? "a symbolic link is there that leads to nothing. Remove it first; a patch cannot."
      : "a symbolic link is there. Update the file it leads to, or delete the link first in the same patch.";
    throw new PatchRefused(path, `${path} cannot be added: ${wayOut}`);
  }
  if (node.current !== undefined) {
    throw new PatchRefused(
      path,
      `${path} cannot be added: it exists already. Use "*** Update File: ${section.path}", or put "*** Delete File: ${section.path}" before it to replace it whole.`,
    );
  }
  checkRoomFor(tree, node);
  node.touched = true;
  const end = await tree.lineEnds.endOf(node.path, section.lines.join("\n"));
  const text = section.lines.map((line) => line + end).join("");
  // A file that is replaced keeps its permissions: a script stays one.
  node.current = {
    bytes: Buffer.from(text, "utf8"),
    origin: undefined,
    mode: node.initial === "file" ? node.mode : undefined,
    change: undefined,
  };
  tree.lineEnds.forget(node.path);
}

async function deleteFile(tree: Tree, path: string, section: DeleteSection): Promise<void> {
  const node = await nodeAt(tree, path);
  if (node.current === undefined)
    throw new PatchRefused(path, `${path} cannot be deleted: there is no such file (line ${section.line} of the patch).`);
  if (node.current === "link") await linkTarget(tree, node);
  if (node.current === "unread") await contentOf(tree, node).catch(() => undefined);
  node.current = undefined;
  node.touched = true;
  tree.lineEnds.forget(node.path);
}

async function updateFile(
  progress: Progress,
  section: UpdateSection,
  { path, number }: { readonly path: string; readonly number: number },
): Promise<void> {
  const { tree, cwd, isChosen, hunks, summary } = progress;
  const chosen = section.chunks.map((_, i) => isChosen(`${number}.${i + 1}`));
  const moves = section.movePath !== undefined && isChosen(`${number}.move`);
  if (!moves && !chosen.includes(true)) return;
  const movePath = moves ? resolve(cwd, section.movePath ?? "") : undefined;
  const named = await nodeAt(tree, path);
  const node = named.current === "link" ? await linkTarget(tree, named) : named;
  const content = await contentOf(tree, node);
  if (content === undefined)
    throw new PatchRefused(path, `${path} cannot be updated: there is no such file (line ${section.line} of the patch).`);
  const { updated, diffs } = await updateContent(content, section, { path, chosen });
  if (movePath !== undefined) hunks.push({ id: `${number}.move`, kind: "move", path, move_path: movePath, line: section.line });
  for (const [i, chunk] of section.chunks.entries())
    if (chosen[i] === true) hunks.push({ id: `${number}.${i + 1}`, kind: "update", path, line: chunk.line, diff: () => diffs(i) });
  summary.push({ kind: "M", path: moves ? (section.movePath ?? "") : section.path });
  place(tree, updated, { named, node, target: movePath === undefined ? named : await nodeAt(tree, movePath) });
}

/** Puts a content where it belongs: into the file that was `named`, or, of a move, into `target`. `node` is where a link leads. */
function place(
  tree: Tree,
  updated: FileContent,
  { named, node, target }: { readonly named: TreeNode; readonly node: TreeNode; readonly target: TreeNode },
): void {
  if (target === named || target === node) {
    node.current = updated;
    node.touched = true;
    tree.lineEnds.forget(node.path);
    return;
  }
  if (target.current !== undefined) {
    throw new PatchRefused(
      target.named,
      `${named.named} cannot be moved to ${target.named}: something is there already. Delete that first in the same patch.`,
    );
  }
  checkRoomFor(tree, target);
  target.current = named === node ? updated : { ...updated, origin: named };
  target.touched = true;
  named.before ??= node.before;
  named.current = undefined;
  named.touched = true;
  for (const { path } of [named, target]) tree.lineEnds.forget(path);
}

async function updateContent(
  content: FileContent,
  section: UpdateSection,
  { path, chosen }: { readonly path: string; readonly chosen: readonly boolean[] },
): Promise<{ readonly updated: FileContent; readonly diffs: (chunk: number) => string }> {
  const source = readLines(content.bytes);
  const placed = placeChunks(source, section.chunks);
  if (!placed.ok) {
    const { describeMatchFailure } = await import("./mismatch.ts");
    throw new PatchRefused(path, describeMatchFailure(source, path, placed.failure));
  }
  const { placements } = placed;
  const edits = editsOf(
    source,
    placements.filter((_, i) => chosen[i] === true),
  );
  const untouched = content.origin?.before === content.bytes;
  const diffs = (chunk: number): string => renderHunks(source, editsOf(source, placements.slice(chunk, chunk + 1)));
  return { updated: { ...content, bytes: applyEdits(source, edits), change: untouched ? { source, edits } : undefined }, diffs };
}

async function changesOf(tree: Tree): Promise<PatchChange[]> {
  const movedFrom = movesOf(tree);
  const changes: PatchChange[] = [];
  for (const node of touchedNodes(tree)) {
    const target = movedFrom.get(node);
    if (target !== undefined) changes.push(await updateChange(node, target));
    else changes.push(...(await changeOf(node, movedFrom)));
  }
  return changes;
}

/** Source → target of each file that is now elsewhere and left its place free. */
function movesOf(tree: Tree): Map<TreeNode, TreeNode> {
  const moves = new Map<TreeNode, TreeNode>();
  for (const node of touchedNodes(tree)) {
    const origin = fileIn(node)?.origin;
    const isMove = origin !== undefined && origin !== node && origin.current === undefined && node.initial === "nothing";
    if (isMove) moves.set(origin, node);
  }
  return moves;
}

async function changeOf(node: TreeNode, moves: ReadonlyMap<TreeNode, TreeNode>): Promise<PatchChange[]> {
  if (node.current === "link" || node.current === "unread") return [];
  if (node.current === undefined) return node.initial === "nothing" ? [] : [{ type: "delete", path: node.named, before: node.before }];
  if (node.initial === "file") return [await updateChange(node, node)];
  const origin = node.current.origin;
  if (origin !== undefined && moves.get(origin) === node) return [];
  return [{ type: "add", path: node.named, content: node.current.bytes }];
}

async function updateChange(from: TreeNode, to: TreeNode): Promise<PatchChange> {
  const content = fileIn(to);
  if (content === undefined) throw new Error("an updated file has content");
  const { bytes, change } = content;
  const before = from.before ?? new Uint8Array();
  const composed = change === undefined ? await diffContents(before, bytes) : "";
  return {
    type: "update",
    path: from.named,
    before,
    newContent: bytes,
    get unifiedDiff() {
      return change === undefined ? composed : renderHunks(change.source, change.edits);
    },
    movePath: from === to ? undefined : to.named,
  };
}

function stepsOf(tree: Tree): PatchStep[] {
  const removals: PatchStep[] = [];
  const writes: PatchStep[] = [];
  for (const node of touchedNodes(tree)) {
    const content = fileIn(node);
    const replaced = content !== undefined && (node.initial === "link" || node.before === undefined);
    if (node.initial !== "nothing" && (node.current === undefined || replaced))
      removals.push({ type: "remove", path: node.path, before: node.before });
    if (content === undefined) continue;
    const before = node.initial === "file" && !replaced ? node.before : undefined;
    if (before !== undefined && sameBytes(before, content.bytes) && content.mode === node.mode) continue;
    writes.push({ type: "write", path: node.path, content: content.bytes, before, mode: content.mode });
  }
  return [...removals, ...writes];
}

function touchedNodes(tree: Tree): TreeNode[] {
  return [...tree.nodes.values()].filter((node) => node.touched);
}

function fileIn(node: TreeNode): FileContent | undefined {
  return typeof node.current === "object" ? node.current : undefined;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a === b || Buffer.compare(a, b) === 0;
}
