import { chmod, link, readdir, readlink, readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { FileSystem } from "../../src/host/host.ts";
import { nodeFileSystem } from "../../src/node/file-system.ts";
import { recoverPatches } from "../../src/patch/recover.ts";
import { openWorkspace, patchOf, type Workspace } from "./workspace.ts";

describe("applying a patch", () => {
  it("adds, updates, moves and deletes, and sums up with the paths as spelled", async () => {
    await using workspace = await openWorkspace({ "a.txt": "a\n", "b.txt": "b\n", "c.txt": "c\n" });
    const output = await workspace.apply(
      patchOf(
        "*** Delete File: ./c.txt",
        "*** Update File: a.txt",
        "@@",
        "-a",
        "+A",
        "*** Add File: new/dir/d.txt",
        "+d",
        "*** Update File: b.txt",
        "*** Move to: moved/b.txt",
        "@@",
        " b",
        "+more",
        "*** Add File: empty",
      ),
    );
    expect(output).toBe("Success. Updated the following files:\nA new/dir/d.txt\nA empty\nM a.txt\nM moved/b.txt\nD ./c.txt\n");
    expect(await workspace.list()).toEqual(["a.txt", "empty", "moved/", "moved/b.txt", "new/", "new/dir/", "new/dir/d.txt"]);
    expect(await Promise.all(["a.txt", "moved/b.txt", "new/dir/d.txt", "empty"].map(workspace.read))).toEqual([
      "A\n",
      "b\nmore\n",
      "d\n",
      "",
    ]);
  });

  it("keeps the mode of what it updates, moves and replaces", async () => {
    await using workspace = await openWorkspace({ up: "a\n", mv: "a\n", re: "a\n" });
    for (const name of ["up", "mv", "re"]) await chmod(join(workspace.root, name), 0o751);
    await workspace.apply(
      patchOf(
        ...["*** Update File: up", "@@", "-a", "+b"],
        ...["*** Update File: mv", "*** Move to: dir/mv", "@@", "-a", "+b"],
        ...["*** Delete File: re", "*** Add File: re", "+b"],
      ),
    );
    expect(await Promise.all(["up", "dir/mv", "re"].map(workspace.mode))).toEqual([0o751, 0o751, 0o751]);
  });

  it("composes several sections on one file in order", async () => {
    await using workspace = await openWorkspace({ f: "a\nb\n" });
    const patch = patchOf(
      ...["*** Update File: f", "@@", "-a", "+x"],
      ...["*** Update File: ./f", "@@", "-x", "+y", " b"],
      ...["*** Add File: g", "+1"],
      ...["*** Update File: g", "*** Move to: h", "@@", "-1", "+2"],
      ...["*** Add File: gone", "+1", "*** Delete File: gone"],
    );
    const action = await workspace.compute(patch);
    expect(action.changes.map((change) => ({ type: change.type, path: change.path.slice(workspace.root.length) }))).toEqual([
      { type: "update", path: "/f" },
      { type: "add", path: "/h" },
    ]);
    expect(action.changes[0]).toMatchObject({ unifiedDiff: "@@ -1,2 +1,2 @@\n-a\n+y\n b\n", movePath: undefined });
    expect(await workspace.apply(patch)).toBe("Success. Updated the following files:\nA g\nA gone\nM f\nM ./f\nM h\nD gone\n");
    expect(await workspace.list()).toEqual(["f", "h"]);
    expect([await workspace.read("f"), await workspace.read("h")]).toEqual(["y\nb\n", "2\n"]);
  });

  it("does not take a move onto itself for a deletion", async () => {
    await using workspace = await openWorkspace({ "dir/f": "a\n" });
    await workspace.apply(patchOf("*** Update File: dir/f", "*** Move to: ./dir/../dir/f", "@@", "-a", "+b"));
    expect(await workspace.read("dir/f")).toBe("b\n");
  });

  it("lets a folder take a deleted file's place", async () => {
    await using workspace = await openWorkspace({ a: "a\n" });
    expect(await workspace.apply(patchOf("*** Delete File: a", "*** Add File: a/inner", "+x"))).toMatch(/^Success/);
    expect(await workspace.list()).toEqual(["a/", "a/inner"]);
  });

  it("writes through links and keeps them, and composes what reaches one file by two names", async () => {
    await using workspace = await openWorkspace({ "real/f": "a\nb\n" });
    await symlink("real/f", join(workspace.root, "link"));
    await symlink("real", join(workspace.root, "folder"));
    expect(
      await workspace.apply(
        patchOf(
          "*** Update File: link",
          "@@",
          "-a",
          "+x",
          "*** Update File: folder/f",
          "@@",
          "-b",
          "+y",
          "*** Update File: real/f",
          "@@",
          " y",
          "+z",
        ),
      ),
    ).toMatch(/^Success/);
    expect([await workspace.read("real/f"), await readlink(join(workspace.root, "link"))]).toEqual(["x\ny\nz\n", "real/f"]);
  });

  it("moves and deletes a link without touching its target", async () => {
    await using workspace = await openWorkspace({ f: "a\n", g: "g\n" });
    await symlink("f", join(workspace.root, "one"));
    await symlink("g", join(workspace.root, "two"));
    const patch = patchOf("*** Update File: one", "*** Move to: three", "@@", "-a", "+b", "*** Delete File: two");
    expect((await workspace.compute(patch)).changes).toMatchObject([
      { type: "update", unifiedDiff: "@@ -1 +1 @@\n-a\n+b\n" },
      { type: "delete" },
    ]);
    await workspace.apply(patch);
    expect(await workspace.list()).toEqual(["f", "g", "three"]);
    expect([await workspace.read("f"), await workspace.read("three")]).toEqual(["a\n", "b\n"]);
  });

  it("keeps a file with several hard links one file", async () => {
    await using workspace = await openWorkspace({ f: "a\n" });
    await link(join(workspace.root, "f"), join(workspace.root, "twin"));
    const fs: FileSystem = {
      ...nodeFileSystem,
      lstat: async (path) => withLinks(await nodeFileSystem.lstat(path), path.endsWith("/f") ? 2 : 1),
    };
    await workspace.apply(patchOf("*** Update File: f", "@@", "-a", "+b"), fs);
    expect(await workspace.read("twin")).toBe("b\n");
  });
});

describe("refusing a patch", () => {
  const UPDATE = ["@@", "-a", "+b"];
  it.each([
    [
      ["*** Add File: f", "+x"],
      'f cannot be added: it exists already. Use "*** Update File: f", or put "*** Delete File: f" before it to replace it whole.',
    ],
    [["*** Add File: folder", "+x"], "folder is a folder, not a file."],
    [["*** Add File: f/below", "+x"], "f is a file, not a folder, so f/below cannot be below it."],
    [["*** Add File: new", "+x", "*** Add File: new/below", "+x"], "new is a file, so nothing can be added below it."],
    [["*** Add File: new/below", "+x", "*** Add File: new", "+x"], "new would be a folder: the patch adds files below it."],
    [
      ["*** Add File: dangling", "+x"],
      "dangling cannot be added: a symbolic link is there that leads to nothing. Remove it first; a patch cannot.",
    ],
    [
      ["*** Add File: link", "+x"],
      "link cannot be added: a symbolic link is there. Update the file it leads to, or delete the link first in the same patch.",
    ],
    [["*** Delete File: missing"], "missing cannot be deleted: there is no such file (line 4 of the patch)."],
    [["*** Delete File: folder"], "folder is a folder, not a file."],
    [["*** Delete File: dangling"], "dangling is a symbolic link that leads to nothing."],
    [["*** Update File: missing", ...UPDATE], "missing cannot be updated: there is no such file (line 4 of the patch)."],
    [["*** Update File: folder", ...UPDATE], "folder is a folder, not a file."],
    [["*** Update File: dangling", ...UPDATE], "dangling is a symbolic link that leads to nothing."],
    [
      ["*** Update File: circle", ...UPDATE],
      "circle is a symbolic link that cannot be followed: its symbolic links lead in a circle (ELOOP).",
    ],
    [
      ["*** Update File: f", "*** Move to: g", ...UPDATE],
      "f cannot be moved to g: something is there already. Delete that first in the same patch.",
    ],
    [["*** Update File: f", "*** Move to: folder", ...UPDATE], "folder is a folder, not a file."],
    [["*** Delete File: f", "*** Update File: f", ...UPDATE], "f cannot be updated: there is no such file (line 5 of the patch)."],
    [["*** Update File: readonly", ...UPDATE], "readonly cannot be written: it is read-only."],
  ])("names the cause for %j and writes nothing", async (lines, message) => {
    await using workspace = await openWorkspace({ f: "a\n", g: "g\n", "folder/x": "x\n", readonly: "a\n" });
    await symlink("nowhere", join(workspace.root, "dangling"));
    await symlink("f", join(workspace.root, "link"));
    await symlink("circle", join(workspace.root, "circle"));
    await chmod(join(workspace.root, "readonly"), 0o444);
    const before = await snapshot(workspace);
    expect(await workspace.apply(patchOf("*** Add File: first", "+x", ...lines))).toBe(`error: ${message}`);
    expect(await snapshot(workspace)).toEqual(before);
  });

  it("does not overwrite what changed after the patch was checked", async () => {
    await using workspace = await openWorkspace({ f: "a\n", g: "g\n" });
    const action = await workspace.compute(
      patchOf("*** Update File: g", "@@", "-g", "+h", "*** Update File: f", "@@", "-a", "+b", "*** Add File: new", "+x"),
    );
    await workspace.write("f", "edited\n");
    expect(await workspace.carryOut(action)).toMatchObject({ ok: false, notRestored: [] });
    await workspace.write("f", "a\n");
    await workspace.write("new", "theirs\n");
    expect(await workspace.carryOut(action)).toEqual({
      ok: false,
      message: `${workspace.root}/new was made by something else since the patch was checked. Read it first.`,
      notRestored: [],
    });
    expect([await workspace.read("f"), await workspace.read("g"), await workspace.read("new")]).toEqual(["a\n", "g\n", "theirs\n"]);
  });

  it("does not follow a folder that became a link after the patch was checked", async () => {
    await using workspace = await openWorkspace({ "dir/f": "a\n", "other/f": "a\n" });
    const action = await workspace.compute(patchOf("*** Update File: dir/f", "@@", "-a", "+b"));
    await nodeFileSystem.rename(join(workspace.root, "dir"), join(workspace.root, "was"));
    await symlink("other", join(workspace.root, "dir"));
    // Nothing was begun, so there is nothing that could not be brought back.
    expect(await workspace.carryOut(action)).toMatchObject({ ok: false, notRestored: [] });
    expect(await workspace.read("other/f")).toBe("a\n");
  });
});

describe("failing midway", () => {
  const FILES = { up: "a\n", gone: "g\n", mv: "m\n", second: "s\n" };
  const PATCH = patchOf(
    ...["*** Add File: new/dir/one", "+1", "*** Update File: up", "@@", "-a", "+b", "*** Delete File: gone"],
    ...[
      "*** Update File: mv",
      "*** Move to: moved/mv",
      "@@",
      "-m",
      "+n",
      "*** Update File: second",
      "@@",
      "-s",
      "+t",
      "*** Add File: two",
      "+2",
    ],
  );

  it("names the files that could not be brought back", async () => {
    await using workspace = await openWorkspace(FILES);
    const action = await workspace.compute(PATCH);
    // The disk fails for good once the files begin to change.
    let isBroken = false;
    const broken =
      <A extends unknown[], R>(run: (...args: A) => Promise<R>) =>
      (...args: A) =>
        isBroken ? Promise.reject(noSpace()) : run(...args);
    const fs: FileSystem = {
      ...nodeFileSystem,
      rename: (from, to) =>
        from.startsWith(workspace.journals) ? nodeFileSystem.rename(from, to) : broken(nodeFileSystem.rename)(from, to),
      removeFile: broken(nodeFileSystem.removeFile),
      removeEmptyFolder: broken(nodeFileSystem.removeEmptyFolder),
      writeFile: (path, ...rest) => {
        isBroken ||= path.endsWith("/two");
        return broken(nodeFileSystem.writeFile)(path, ...rest);
      },
    };
    const outcome = await workspace.carryOut(action, fs);
    const full = (path: string) => ({ path: join(workspace.root, path), reason: "the disk is full (ENOSPC)" });
    expect(outcome).toEqual({
      ok: false,
      // Files are written side by side, so another one than the first may be told of.
      message: expect.stringMatching(/\/work\/(?:two|moved\/mv|up|second) cannot be written: the disk is full \(ENOSPC\)\.$/),
      notRestored: expect.arrayContaining(["up", "second", "gone", "mv"].map(full)),
    });
    // It is owed still, and nobody's now.
    expect(await readdir(workspace.journals)).toEqual([expect.stringMatching(/_nobody\.undo$/)]);
    const [folders, cwd, clock] = [[{ path: workspace.journals }], workspace.root, { now: () => 0 }];
    expect(await recoverPatches({ fs: nodeFileSystem, clock, identity: undefined, folders, cwd })).toMatchObject([
      { failed: [], left: [] },
    ]);
    expect(await workspace.list()).toEqual(["gone", "mv", "second", "up"]);
    expect(await workspace.read("up")).toBe("a\n");
  });

  it("writes in place where the folder takes no new file", async () => {
    await using workspace = await openWorkspace({ up: "a\n" });
    const refused = Object.assign(new Error("EACCES"), { code: "EACCES" });
    const fs: FileSystem = {
      ...nodeFileSystem,
      writeFile: (path, data, options) =>
        path.includes(".codex-patch") ? Promise.reject(refused) : nodeFileSystem.writeFile(path, data, options),
    };
    await workspace.apply(patchOf("*** Update File: up", "@@", "-a", "+b"), fs);
    expect(await workspace.read("up")).toBe("b\n");
  });
});

function withLinks(stat: Awaited<ReturnType<FileSystem["lstat"]>>, links: number): Awaited<ReturnType<FileSystem["lstat"]>> {
  return stat === undefined ? undefined : { ...stat, links };
}

function noSpace(): Error {
  return Object.assign(new Error("ENOSPC"), { code: "ENOSPC" });
}

async function snapshot(workspace: Workspace): Promise<unknown> {
  const entries = await workspace.list();
  return Promise.all(
    entries.map(async (path) => {
      const full = join(workspace.root, path);
      const stat = await nodeFileSystem.lstat(full);
      return [path, stat?.mode, stat?.kind === "file" ? (await readFile(full)).toString("latin1") : stat?.kind];
    }),
  );
}
