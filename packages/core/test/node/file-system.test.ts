import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { nodeFileSystem as fs } from "../../src/node/file-system.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fs-test-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("writes, appends, reads, renames and removes", async () => {
  const path = join(folder, "a", "b", "file");
  await fs.makeDirectory(join(folder, "a", "b"));
  await fs.writeFile(path, "one\n", { mode: 0o600 });
  await fs.appendFile(path, "two\n");
  expect(Buffer.from(await fs.readFile(path)).toString()).toBe("one\ntwo\n");
  const owner = `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
  expect(await fs.stat(path)).toEqual({ kind: "file", size: 8, mode: 0o600, modifiedMs: expect.any(Number), links: 1, owner });
  await fs.changeMode(path, 0o640);
  expect((await fs.stat(path))?.mode).toBe(0o640);
  await fs.rename(path, join(folder, "moved"));
  expect((await fs.readDirectory(folder)).toSorted()).toEqual(["a", "moved"]);
  await fs.remove(join(folder, "a"));
  expect(await fs.readDirectory(folder)).toEqual(["moved"]);
});

test("tells links, directories and nothing apart", async () => {
  symlinkSync(folder, join(folder, "link"));
  symlinkSync("nowhere", join(folder, "dangling"));
  await fs.writeFile(join(folder, "file"), "");
  const kinds = async (name: string): Promise<unknown[]> => [
    (await fs.stat(join(folder, name)))?.kind,
    (await fs.lstat(join(folder, name)))?.kind,
  ];
  expect(await kinds("link")).toEqual(["directory", "link"]);
  expect(await kinds("dangling")).toEqual([undefined, "link"]);
  expect(await kinds("gone")).toEqual([undefined, undefined]);
  expect(await kinds("file/below")).toEqual([undefined, undefined]);
  expect(await fs.realPath(join(folder, "link"))).toBe(await fs.realPath(folder));
});

test("rejects with Node's code", async () => {
  await expect(fs.readFile(join(folder, "gone"))).rejects.toMatchObject({ code: "ENOENT" });
  await expect(fs.remove(join(folder, "gone"))).rejects.toMatchObject({ code: "ENOENT" });
  await expect(fs.writeFile(folder, "")).rejects.toMatchObject({ code: "EISDIR" });
});
