import { chmodSync, linkSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { patchOf } from "./workspace.ts";

export interface TreeFile {
  readonly path: string;
  readonly content: string;
  readonly mode: number;
  /** Another path that is the same file, or a link to it. */
  readonly twin?: { readonly path: string; readonly kind: "hard" | "symbolic" };
}

/** A folder's files and a patch that fits them. */
export interface RandomPatch {
  readonly files: readonly TreeFile[];
  readonly patch: string;
}

/** Draws from 0 to `below` - 1; the same for the same seed. */
export function generator(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const FOLDERS = ["", "", "src/", "src/lib/", "a b/"];
const NEW_FOLDERS = [...FOLDERS, "new/", "new/deep/er/", "src/more/"];

export function randomPatch(seed: number): RandomPatch {
  const random = generator(seed);
  const pick = <T>(items: readonly T[]): T => items[random(items.length)] as T;
  const files = Array.from({ length: 2 + random(5) }, (_, i): TreeFile => {
    const path = `${pick(FOLDERS)}f${i}`;
    const lines = Array.from({ length: 1 + random(6) }, (_line, n) => `line ${i}.${n} ${"x".repeat(random(40))}`);
    const file = { path, content: lines.join("\n") + (random(5) === 0 ? "" : "\n"), mode: pick([0o644, 0o644, 0o755, 0o600]) };
    if (random(4) > 0) return file;
    return { ...file, twin: { path: `${pick(FOLDERS)}twin${i}`, kind: pick(["hard", "symbolic"] as const) } };
  });
  const sections = files.flatMap((file, i) => (random(4) === 0 ? [] : sectionsFor(file, i, { random, pick })));
  const added = Array.from({ length: 1 + random(4) }, (_, i) => [
    `*** Add File: ${pick(NEW_FOLDERS)}added${i}`,
    ...Array.from({ length: random(4) }, (_line, n) => `+new ${i}.${n}`),
  ]).flat();
  return { files, patch: patchOf(...(random(2) === 0 ? [...added, ...sections] : [...sections, ...added])) };
}

function sectionsFor(
  file: TreeFile,
  i: number,
  chance: { random: (below: number) => number; pick: <T>(items: readonly T[]) => T },
): string[] {
  const { random, pick } = chance;
  const first = file.content.split("\n")[0] ?? "";
  const change = ["@@", `-${first}`, ...(random(4) === 0 ? [] : [`+changed ${i}`, `+${"y".repeat(random(60))}`])];
  switch (random(7)) {
    case 0:
      return [`*** Delete File: ${file.path}`];
    case 1:
      return [`*** Delete File: ${file.path}`, `*** Add File: ${file.path}`, "+replaced"];
    case 2:
      return [`*** Delete File: ${file.path}`, `*** Add File: ${file.path}/inside/of`, "+it"];
    case 3:
      return [`*** Update File: ${file.path}`, `*** Move to: ${pick(NEW_FOLDERS)}moved${i}`, ...change];
    default: {
      const name = file.twin?.kind === "symbolic" && random(2) === 0 ? file.twin.path : file.path;
      return [`*** Update File: ${name}`, ...change];
    }
  }
}

export function plantFiles(root: string, files: readonly TreeFile[]): void {
  for (const { path, content, mode, twin } of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
    chmodSync(join(root, path), mode);
    if (twin === undefined) continue;
    mkdirSync(dirname(join(root, twin.path)), { recursive: true });
    if (twin.kind === "hard") linkSync(join(root, path), join(root, twin.path));
    else symlinkSync(join(root, path), join(root, twin.path));
  }
}

/** Everything below `root`: names, kinds, permission bits, number of names, contents. */
export function snapshotTree(root: string): Record<string, string> {
  const tree: Record<string, string> = {};
  const walk = (folder: string, prefix: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      const name = `${prefix}${entry.name}`;
      if (entry.isDirectory()) {
        tree[`${name}/`] = "";
        walk(path, `${name}/`);
      } else if (entry.isSymbolicLink()) tree[name] = `-> ${readlinkSync(path).slice(root.length)}`;
      else {
        const { mode, nlink } = lstatSync(path);
        tree[name] = `${(mode & 0o777).toString(8)} ${nlink} ${readFileSync(path, "latin1")}`;
      }
    }
  };
  walk(root, "");
  return tree;
}
