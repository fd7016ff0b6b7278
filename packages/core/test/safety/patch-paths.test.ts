import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { nodeFileSystem } from "../../src/node/file-system.ts";
import { canonicalPatchPaths, canonicalRoots } from "../../src/safety/patch-paths.ts";
import { temporaryFolder } from "./temporary-folder.ts";

test("a path is where its nearest existing ancestor really is", async () => {
  const folder = await temporaryFolder();
  const [inside, outside] = [join(folder, "inside"), join(folder, "outside")];
  await mkdir(inside);
  await mkdir(outside);
  await writeFile(join(inside, "file"), "");
  await writeFile(join(outside, "file"), "");
  await symlink(outside, join(inside, "linked-folder"));
  await symlink(join(outside, "file"), join(inside, "linked-file"));
  await symlink(join(outside, "nothing"), join(inside, "dangling"));
  await symlink("loop", join(inside, "loop"));
  const given = [
    "file",
    "new",
    "a/b/new",
    "file/below",
    "linked-folder/new",
    "linked-folder/a/new",
    "linked-folder/../new",
    "linked-file",
    "dangling",
    "dangling/new",
    "loop",
  ];

  const found = await canonicalPatchPaths(
    nodeFileSystem,
    given.map((name) => `${inside}/${name}`),
  );

  expect(found).toEqual(
    [
      [join(inside, "file")],
      [join(inside, "new")],
      [join(inside, "a/b/new")],
      [join(inside, "file/below")],
      [join(outside, "new")],
      [join(outside, "a/new")],
      [join(inside, "new")],
      [join(inside, "linked-file"), join(outside, "file")],
      [],
      [],
      [],
    ].map((locations, index) => ({ path: `${inside}/${given[index] ?? ""}`, locations })),
  );
});

test("roots are real paths, each once, and what leads nowhere is none", async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, "root"));
  await symlink(join(folder, "root"), join(folder, "link"));
  await symlink(join(folder, "gone"), join(folder, "dangling"));

  const roots = await canonicalRoots(
    nodeFileSystem,
    ["root", "link", "dangling", "later/made"].map((name) => join(folder, name)),
  );

  expect(roots).toEqual([join(folder, "root"), join(folder, "later/made")]);
});

test("of many new files in a new folder, the folder alone is looked for", async () => {
  const folder = await temporaryFolder();
  const looked: string[] = [];
  const fs = {
    realPath: nodeFileSystem.realPath,
    lstat: (path: string) => {
      if (path.startsWith(`${folder}/`)) looked.push(path);
      return nodeFileSystem.lstat(path);
    },
  };
  const paths = Array.from({ length: 100 }, (_, i) => join(folder, "new/sub", String(i)));

  const found = await canonicalPatchPaths(fs, paths);

  expect(found).toEqual(paths.map((path) => ({ path, locations: [path] })));
  expect(looked).toEqual([join(folder, "new")]);
});
