import { chmod, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { FileSystem } from "../../src/host/host.ts";
import { nodeFileSystem } from "../../src/node/file-system.ts";
import { createTurnDiff } from "../../src/patch/turn-diff.ts";
import { openWorkspace } from "./workspace.ts";

describe("createTurnDiff", () => {
  it("shows additions, updates, deletions and renames in git's form", async () => {
    await using workspace = await openWorkspace({ "b.txt": "1\n2\n3\n4\n5\nsix", "dir/new.sh": "echo\n", "to.txt": "a\nb\nd\n" });
    await chmod(join(workspace.root, "dir/new.sh"), 0o755);
    const diff = createTurnDiff(nodeFileSystem, workspace.root);
    const path = (name: string): string => join(workspace.root, name);
    diff.remember(path("b.txt"), Buffer.from("1\n2\n3\n4\nfive\n6\n"));
    diff.remember(path("b.txt"), Buffer.from("a later state"));
    diff.remember(path("dir/new.sh"), null);
    diff.remember(path("gone.txt"), Buffer.from("x\n"));
    diff.remember(path("from.txt"), Buffer.from("a\nb\nc\n"));
    diff.remember(path("to.txt"), null);
    diff.remember("/elsewhere/gone", Buffer.from("y\n"));
    expect(await diff.render()).toMatchInlineSnapshot(`
      "diff --git a/elsewhere/gone b/elsewhere/gone
      deleted file mode 100644
      --- a/elsewhere/gone
      +++ /dev/null
      @@ -1 +0,0 @@
      -y
      diff --git a/b.txt b/b.txt
      --- a/b.txt
      +++ b/b.txt
      @@ -2,5 +2,5 @@
       2
       3
       4
      -five
      -6
      +5
      +six
      \\ No newline at end of file
      diff --git a/dir/new.sh b/dir/new.sh
      new file mode 100755
      --- /dev/null
      +++ b/dir/new.sh
      @@ -0,0 +1 @@
      +echo
      diff --git a/gone.txt b/gone.txt
      deleted file mode 100644
      --- a/gone.txt
      +++ /dev/null
      @@ -1 +0,0 @@
      -x
      diff --git a/from.txt b/to.txt
      rename from from.txt
      rename to to.txt
      --- a/from.txt
      +++ b/to.txt
      @@ -1,3 +1,3 @@
       a
       b
      -c
      +d
      "
    `);
  });

  it("is empty when everything is as it was", async () => {
    await using workspace = await openWorkspace({ f: "a\n" });
    const diff = createTurnDiff(nodeFileSystem, workspace.root);
    diff.remember(join(workspace.root, "f"), Buffer.from("a\n"));
    diff.remember(join(workspace.root, "never"), null);
    expect(await diff.render()).toBe("");
  });

  it("names binary and large files without their content", async () => {
    await using workspace = await openWorkspace({ image: Buffer.from([0, 1, 2]), large: "x".repeat(3_000_000) });
    const diff = createTurnDiff(nodeFileSystem, workspace.root);
    diff.remember(join(workspace.root, "image"), Buffer.from([0, 1]));
    diff.remember(join(workspace.root, "large"), Buffer.alloc(2_000_000, "x"));
    expect(await diff.render()).toBe(
      "diff --git a/image b/image\nBinary files a/image and b/image differ\ndiff --git a/large b/large\nChange not shown: 2000000 bytes became 3000000\n",
    );
  });

  it("reads the disk when it is rendered", async () => {
    await using workspace = await openWorkspace({ f: "b\n" });
    const diff = createTurnDiff(nodeFileSystem, workspace.root);
    diff.remember(join(workspace.root, "f"), Buffer.from("a\n"));
    expect(await diff.render()).toContain("-a\n+b\n");
    await rm(join(workspace.root, "f"));
    expect(await diff.render()).toContain("deleted file mode");
  });

  it("shows the same of a new file whether it reads it or was told what was written", async () => {
    await using workspace = await openWorkspace({ "sub/new": "x\n" });
    const path = join(workspace.root, "sub/new");
    const unread: FileSystem = { ...nodeFileSystem, stat: () => Promise.reject(new Error("looked at")) };
    const [reading, told] = [nodeFileSystem, unread].map((fs) => createTurnDiff(fs, workspace.root));
    reading?.remember(path, null);
    told?.remember(path, null);
    expect(await told?.render(new Map([[path, Buffer.from("x\n")]]))).toBe(await reading?.render());
  });
});
