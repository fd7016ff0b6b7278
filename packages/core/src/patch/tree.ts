import { isThere } from "../config/project-root.ts";
import { basename, dirname, join, sep } from "node:path";
import type { FileStat, FileSystem } from "../host/host.ts";
import { causeOf, codeOf, PatchRefused } from "./fault.ts";
import { createLineEnds, type LineEnds } from "./git-attributes.ts";
import type { LineEdit } from "./line-edits.ts";
import type { SourceLines } from "./source-lines.ts";

/** Files beyond this are not read, so not patched. */
const MAX_FILE_BYTES = 256 * 1024 * 1024;

/** git reads no attributes from larger files. */
const MAX_ATTRIBUTES_BYTES = 100 * 1024 * 1024;

/** The files a patch touches, as they would be after the sections read so far. The disk is only read. */
export interface Tree {
  readonly fs: FileSystem;
  /** By canonical path, in order of first mention. */
  readonly nodes: Map<string, TreeNode>;
  /** Folder as spelled → its real path; undefined: nothing is there. */
  readonly realFolders: Map<string, string | undefined>;
  /** Canonical folders that exist because a file in them was added. */
  readonly addedFolders: Set<string>;
  readonly lineEnds: LineEnds;
  /** Real folder → what is in it; looked up only for folders that the patch names many files in. */
  readonly listings: Map<string, Promise<ReadonlySet<string> | undefined>>;
  /** Folder as spelled → how many sections name a file in it. */
  readonly namedIn: ReadonlyMap<string, number>;
}

/** One name in a folder. */
export interface TreeNode {
  /** Links in the folders above are resolved; the name itself is not followed. */
  readonly path: string;
  /** Absolute, as first named by the patch. */
  readonly named: string;
  readonly initial: "nothing" | "file" | "link";
  readonly mode: number | undefined;
  readonly size: number;
  /** A section said something about it, beyond reading it. */
  touched: boolean;
  /** Content on disk; undefined until it was read, or when it is not a file. */
  before: Uint8Array | undefined;
  /** "unread": a file whose content nobody needed yet. */
  current: FileContent | "unread" | "link" | undefined;
}

export interface FileContent {
  readonly bytes: Uint8Array;
  /** The node whose file this was at first; undefined for an added file. */
  readonly origin: TreeNode | undefined;
  readonly mode: number | undefined;
  /** How it came from the content on disk, while that is one section's doing. */
  readonly change: { readonly source: SourceLines; readonly edits: readonly LineEdit[] } | undefined;
}

/** From so many names on, reading the folder is cheaper than looking for each. */
const MANY_NAMES = 64;

/** `paths`: those that will be asked for, absolute. */
export function openTree(fs: FileSystem, paths: readonly string[]): Tree {
  const namedIn = new Map<string, number>();
  for (const path of paths) namedIn.set(dirname(path), (namedIn.get(dirname(path)) ?? 0) + 1);
  const nodes = new Map<string, TreeNode>();
  const lineEnds = createLineEnds({
    // The patch may change the attributes themselves.
    read: async (path) => {
      const node = nodes.get(path);
      if (typeof node?.current === "object") return Buffer.from(node.current.bytes).toString("utf8");
      if (node?.touched === true) return undefined;
      return fs.readFile(path).then(
        (bytes) => (bytes.length > MAX_ATTRIBUTES_BYTES ? undefined : Buffer.from(bytes).toString("utf8")),
        () => undefined,
      );
    },
    exists: (path) => isThere(path, fs),
  });
  return { fs, nodes, realFolders: new Map(), addedFolders: new Set(), lineEnds, listings: new Map(), namedIn };
}

/** The node at `path`, absolute. Folders and special files are refused. */
export async function nodeAt(tree: Tree, path: string): Promise<TreeNode> {
  if (path.includes("\0")) throw new PatchRefused(path, "The path holds a NUL character.");
  return canonicalNode(tree, await canonicalPath(tree, path), path);
}

/** The node that a link leads to. */
export async function linkTarget(tree: Tree, link: TreeNode): Promise<TreeNode> {
  let target: string;
  try {
    target = await tree.fs.realPath(link.path);
  } catch (error) {
    if (codeOf(error) === "ENOENT") throw new PatchRefused(link.named, `${link.named} is a symbolic link that leads to nothing.`);
    throw new PatchRefused(link.named, `${link.named} is a symbolic link that cannot be followed: ${causeOf(error)}.`);
  }
  return canonicalNode(tree, target, link.named);
}

/** The content of a file node, read from disk the first time. */
export async function contentOf(tree: Tree, node: TreeNode): Promise<FileContent | undefined> {
  if (node.current === "link") throw new Error("a link has no content of its own");
  if (node.current !== "unread") return node.current;
  if (node.size > MAX_FILE_BYTES) throw new PatchRefused(node.named, `${node.named} is too large to patch: ${node.size} bytes.`);
  try {
    node.before = await tree.fs.readFile(node.path);
  } catch (error) {
    throw new PatchRefused(node.named, `${node.named} cannot be read: ${causeOf(error)}.`);
  }
  node.current = { bytes: node.before, origin: node, mode: node.mode, change: undefined };
  return node.current;
}

/** Refuses a new file whose folder is a file after the patch, or whose name is a folder then. */
export function checkRoomFor(tree: Tree, node: TreeNode): void {
  if (tree.addedFolders.has(node.path))
    throw new PatchRefused(node.named, `${node.named} would be a folder: the patch adds files below it.`);
  const folders: string[] = [];
  for (let folder = dirname(node.path); !tree.addedFolders.has(folder) && folder !== dirname(folder); folder = dirname(folder)) {
    if (tree.nodes.get(folder)?.current !== undefined)
      throw new PatchRefused(node.named, `${folder} is a file, so nothing can be added below it.`);
    folders.push(folder);
  }
  for (const folder of folders) tree.addedFolders.add(folder);
}

async function canonicalNode(tree: Tree, path: string, named: string): Promise<TreeNode> {
  const known = tree.nodes.get(path);
  if (known !== undefined) return known;
  const stat = (await isAbsent(tree, path, named)) ? undefined : await lookUp(tree, path, named);
  if (stat?.kind === "directory") throw new PatchRefused(named, `${named} is a folder, not a file.`);
  if (stat?.kind === "other") throw new PatchRefused(named, `${named} is not a regular file.`);
  const initial = stat?.kind ?? "nothing";
  const current = initial === "file" ? "unread" : initial === "link" ? "link" : undefined;
  const node: TreeNode = { path, named, initial, mode: stat?.mode, size: stat?.size ?? 0, touched: false, before: undefined, current };
  tree.nodes.set(path, node);
  return node;
}

/** True when a listing of the folder tells so. */
async function isAbsent(tree: Tree, path: string, named: string): Promise<boolean> {
  if ((tree.namedIn.get(dirname(named)) ?? 0) < MANY_NAMES) return false;
  const folder = dirname(path);
  const known = tree.listings.get(folder);
  const listing = known ?? listFolder(tree, folder);
  if (known === undefined) tree.listings.set(folder, listing);
  return (await listing)?.has(basename(path).toLowerCase()) === false;
}

/** Names in lower case: a folder may not tell cases apart. Undefined when the folder cannot be read. */
async function listFolder(tree: Tree, folder: string): Promise<ReadonlySet<string> | undefined> {
  try {
    return new Set((await tree.fs.readDirectory(folder)).map((name) => name.toLowerCase()));
  } catch (error) {
    return codeOf(error) === "ENOENT" ? new Set() : undefined;
  }
}

async function lookUp(tree: Tree, path: string, named: string): Promise<FileStat | undefined> {
  try {
    return await tree.fs.lstat(path);
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new PatchRefused(named, `${named} cannot be looked at: ${causeOf(error)}.`);
  }
}

/** Resolves the links of the folders above `path`; folders that do not exist are kept as they are. */
async function canonicalPath(tree: Tree, path: string): Promise<string> {
  const missing = [basename(path)];
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const real = tree.realFolders.has(folder) ? tree.realFolders.get(folder) : await realFolder(tree, folder, path);
    if (real !== undefined) return join(real, ...missing);
    if (folder === dirname(folder)) return join(folder, ...missing);
    missing.unshift(basename(folder));
  }
}

/** Undefined when nothing is there, or when what is there will be gone. */
async function realFolder(tree: Tree, folder: string, path: string): Promise<string | undefined> {
  let stat: FileStat | undefined;
  try {
    stat = await tree.fs.stat(folder);
    if (stat?.kind === "directory") {
      const real = await tree.fs.realPath(folder);
      tree.realFolders.set(folder, real);
      return real;
    }
  } catch (error) {
    if (codeOf(error) !== "ENOTDIR" && codeOf(error) !== "ENOENT")
      throw new PatchRefused(path, `${folder} cannot be looked at: ${causeOf(error)}.`);
  }
  if (stat === undefined) {
    const link = await lookUp(tree, folder, path);
    if (link?.kind === "link") throw new PatchRefused(path, `${folder} is a symbolic link that leads to nothing.`);
    tree.realFolders.set(folder, undefined);
    return undefined;
  }
  const node = tree.nodes.get(await canonicalPath(tree, folder));
  if (node !== undefined && node.initial === "file" && node.current === undefined) return undefined;
  throw new PatchRefused(path, `${folder} is a file, not a folder${path.endsWith(sep) ? "" : `, so ${path} cannot be below it`}.`);
}
