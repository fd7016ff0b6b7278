import { spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { FileSystem, ProcessIdentity } from "../../src/host/host.ts";
import { nodeFileSystem } from "../../src/node/file-system.ts";
import { nodeProcessIdentity } from "../../src/node/process-identity.ts";
import type { JournalFolder } from "../../src/patch/journal.ts";
import { describeRecovery, recoverPatches, type RecoveredPatch } from "../../src/patch/recover.ts";
import { journalFolders } from "../../src/safety/journal-folders.ts";
import { faultyFileSystem } from "./faulty-file-system.ts";
import { openWorkspace, patchOf, type Workspace } from "./workspace.ts";

const PATCH = patchOf("*** Update File: f", "@@", "-a", "+b", "*** Delete File: gone", "*** Add File: new/x", "+x");
const FILES = { f: "a\n", gone: "g\n" };
const ended = (answer: boolean | undefined): ProcessIdentity => ({ id: "m-b-n-9-9", hasEnded: () => Promise.resolve(answer) });

/** Applies PATCH and stops it before the disk change number `at`, as if the process had been killed. */
async function cutOff(workspace: Workspace, at: number, options: Parameters<Workspace["carryOut"]>[2] = {}): Promise<void> {
  const action = await workspace.compute(PATCH);
  await workspace.carryOut(action, faultyFileSystem({ at, kind: "kill_before" }), options).catch(() => undefined);
}

interface Start {
  readonly identity?: ProcessIdentity | undefined;
  readonly now?: number;
  readonly cwd?: string;
  readonly folders?: readonly JournalFolder[];
  readonly fs?: FileSystem;
}

function start(workspace: Workspace, { now = 0, ...options }: Start = {}): Promise<RecoveredPatch[]> {
  const folders = [{ path: workspace.journals }];
  return recoverPatches({ fs: nodeFileSystem, clock: { now: () => now }, identity: ended(true), folders, cwd: workspace.root, ...options });
}

describe("a start after a crash", () => {
  it("takes back what was begun and says so", async () => {
    await using workspace = await openWorkspace(FILES);
    await cutOff(workspace, 8);
    expect((await workspace.list()).some((name) => name.startsWith(".codex-patch-"))).toBe(true);
    const [recovered] = await start(workspace);
    expect(recovered).toMatchObject({ cwd: workspace.root, failed: [], left: [] });
    expect(recovered === undefined ? "" : describeRecovery(recovered)).toBe(
      `A patch in ${workspace.root} had been cut off before it was whole, and was taken back (4 paths).`,
    );
    expect([await workspace.list(), await workspace.read("f"), readdirSync(workspace.journals)]).toEqual([["f", "gone"], "a\n", []]);
  });

  it.each([
    ["whose process is alive", ended(false), 0],
    ["whose process cannot be told and which is young", ended(undefined), 0],
    ["of a host that knows no processes and which is young", undefined, 0],
  ])("leaves a patch alone %s", async (_name, identity, age) => {
    await using workspace = await openWorkspace(FILES);
    await cutOff(workspace, 8);
    expect(await start(workspace, { identity, now: Date.now() + age })).toEqual([]);
    expect(readdirSync(workspace.journals)).toHaveLength(1);
    expect(await start(workspace, { identity: ended(true) })).toHaveLength(1);
  });

  it("takes back a patch whose process cannot be told once it is old", async () => {
    await using workspace = await openWorkspace(FILES);
    await cutOff(workspace, 8);
    expect(await start(workspace, { identity: ended(undefined), now: Date.now() + 11 * 60_000 })).toHaveLength(1);
  });

  it("is the affair of starts in, above and below the patch's folder, and of nobody else", async () => {
    await using workspace = await openWorkspace({ ...FILES, "sub/x": "" });
    await cutOff(workspace, 8);
    expect(await start(workspace, { cwd: join(workspace.root, "../elsewhere") })).toEqual([]);
    expect(await start(workspace, { cwd: join(workspace.root, "sub") })).toHaveLength(1);
  });

  it("lets one of several do it", async () => {
    await using workspace = await openWorkspace(FILES);
    await cutOff(workspace, 8);
    const starts = await Promise.all(
      Array.from({ length: 5 }, (_, i) => start(workspace, { identity: { ...ended(true), id: `m-b-n-${i + 2}-1` } })),
    );
    expect(starts.flat()).toHaveLength(1);
    expect(await workspace.list()).toEqual(["f", "gone"]);
  });

  it("leaves what somebody changed meanwhile, and says where the former content is", async () => {
    await using workspace = await openWorkspace(FILES);
    await cutOff(workspace, 9);
    expect(await workspace.read("f")).toBe("b\n");
    await workspace.write("f", "mine\n");
    await workspace.write("gone", "mine too\n");
    const [recovered] = await start(workspace);
    expect(recovered).toMatchObject({ failed: [], left: [{ path: join(workspace.root, "f") }, { path: join(workspace.root, "gone") }] });
    expect([await workspace.read("f"), await workspace.read("gone")]).toEqual(["mine\n", "mine too\n"]);
    const kept = (await workspace.list()).filter((name) => name.startsWith(".codex-patch-"));
    expect((await Promise.all(kept.map(workspace.read))).toSorted()).toEqual(["a\n", "g\n"]);
  });

  it("tidies up after a patch that was in place", async () => {
    await using workspace = await openWorkspace(FILES);
    const probe = faultyFileSystem(undefined);
    await using other = await openWorkspace(FILES);
    await other.carryOut(await other.compute(PATCH), probe);
    await cutOff(workspace, probe.operations() - 3);
    expect(readdirSync(workspace.journals)).toEqual([expect.stringMatching(/\.done$/)]);
    expect(await start(workspace)).toEqual([]);
    expect([await workspace.list(), readdirSync(workspace.journals)]).toEqual([["f", "new/", "new/x"], []]);
  });

  it("keeps journals private, and does not read what is none", async () => {
    await using workspace = await openWorkspace(FILES);
    await cutOff(workspace, 8);
    const [name = ""] = readdirSync(workspace.journals);
    const modes = [workspace.journals, join(workspace.journals, name)].map((path) => statSync(path).mode & 0o777);
    expect(modes).toEqual([0o700, 0o600]);
    for (const [bad, text] of [
      ["aaaaaaaa_x.undo", "{"],
      ["bbbbbbbb_x.undo", '{"version":1}'],
      ["notes.txt", "x"],
    ] as const)
      writeFileSync(join(workspace.journals, bad), text);
    expect(await start(workspace)).toHaveLength(1);
    expect(readdirSync(workspace.journals)).toEqual(["aaaaaaaa_x.undo", "bbbbbbbb_x.undo", "notes.txt"]);
  });
});

describe("a journal that lies beside the files", () => {
  const forge = (folder: string, steps: readonly unknown[]): void => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const token = "forged00";
    writeFileSync(join(folder, `${token}_nobody.undo`), JSON.stringify({ version: 1, cwd: "/", token, steps }));
  };

  it("cannot reach out of the folder, nor into what is protected there", async () => {
    await using workspace = await openWorkspace({ "repo/x": "x\n", "outside/kept": "kept\n" });
    const repo = join(workspace.root, "repo");
    const outside = join(workspace.root, "outside");
    mkdirSync(join(repo, ".git/hooks"), { recursive: true });
    symlinkSync(outside, join(repo, "way-out"));
    writeFileSync(join(outside, ".codex-patch-forged00-0.gone"), "planted");
    writeFileSync(join(repo, ".git/hooks/.codex-patch-forged00-0.gone"), "planted");
    const [, beside] = await journalFolders(nodeFileSystem, { codexHome: workspace.journals, cwd: repo });
    if (beside === undefined) throw new Error("no folder beside the files");
    for (const path of [
      join(outside, "new"),
      join(repo, ".git/hooks/post-checkout"),
      join(repo, "way-out/new"),
      `${repo}/../outside/new`,
    ]) {
      forge(beside.path, [{ type: "remove", path }]);
      await start(workspace, { cwd: repo, folders: [beside] });
      rmSync(beside.path, { recursive: true, force: true });
    }
    expect((await workspace.list()).filter((name) => /new|post-checkout/.test(name))).toEqual([]);
    forge(beside.path, [{ type: "remove", path: join(repo, "inside") }]);
    writeFileSync(join(repo, ".codex-patch-forged00-0.gone"), "own");
    await start(workspace, { cwd: repo, folders: [beside] });
    expect(readFileSync(join(repo, "inside"), "utf8")).toBe("own");
  });

  it("is not looked for behind a link", async () => {
    await using workspace = await openWorkspace({ "repo/x": "x\n" });
    const repo = join(workspace.root, "repo");
    forge(join(workspace.root, "elsewhere"), [{ type: "folder", path: join(repo, "empty") }]);
    mkdirSync(join(repo, "empty"));
    symlinkSync(join(workspace.root, "elsewhere"), join(repo, ".codex-patch-journal"));
    await start(workspace, { cwd: repo, folders: await journalFolders(nodeFileSystem, { codexHome: undefined, cwd: repo }) });
    expect(existsSync(join(repo, "empty"))).toBe(true);
  });
});

describe("a process's identity", () => {
  it("tells this process and another from one that ended, whose number may be used again", async () => {
    const own = nodeProcessIdentity();
    expect(await own.hasEnded(own.id)).toBe(false);
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    const of = (pid: number, started: string): string => own.id.split("-").with(3, String(pid)).with(4, started).join("-");
    const pid = child.pid ?? 0;
    const stat = process.platform === "linux" ? readFileSync(`/proc/${pid}/stat`, "utf8") : "";
    const started = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "0";
    expect(await own.hasEnded(of(pid, started))).toBe(false);
    if (process.platform === "linux") expect(await own.hasEnded(of(pid, "1"))).toBe(true);
    const closed = new Promise((resolve) => child.on("close", resolve));
    child.kill("SIGKILL");
    await closed;
    expect(await own.hasEnded(of(pid, started))).toBe(true);
    const [machine = "", boot = "", namespace = "", ...rest] = own.id.split("-");
    expect(await own.hasEnded([machine, "00000000", namespace, ...rest].join("-"))).toBe(true);
    expect(await own.hasEnded(["00000000", boot, namespace, ...rest].join("-"))).toBeUndefined();
    expect(await own.hasEnded([machine, boot, "00000000", ...rest].join("-"))).toBeUndefined();
    expect(await own.hasEnded("nonsense")).toBeUndefined();
  });
});

describe("an attack while a patch is applied", () => {
  it("does not lead a write out through a folder that becomes a link at any moment", async () => {
    for (let at = 0; at < 14; at++) {
      await using workspace = await openWorkspace({ "in/dir/f": "a\n", "in/dir/gone": "g\n", "out/f": "a\n", "out/gone": "g\n" });
      const [dir, out] = [join(workspace.root, "in/dir"), join(workspace.root, "out")];
      const action = await workspace.compute(PATCH.replaceAll("File: ", "File: in/dir/"));
      let count = 0;
      const swapped =
        <A extends unknown[], R>(run: (...args: A) => Promise<R>) =>
        async (...args: A): Promise<R> => {
          if (count++ === at) {
            await nodeFileSystem.rename(dir, `${dir}-was`);
            symlinkSync(out, dir);
          }
          return run(...args);
        };
      const fs: FileSystem = {
        ...nodeFileSystem,
        lstat: swapped(nodeFileSystem.lstat),
        writeFile: swapped(nodeFileSystem.writeFile),
        rename: swapped(nodeFileSystem.rename),
        link: swapped(nodeFileSystem.link),
        makeDirectory: swapped(nodeFileSystem.makeDirectory),
      };
      await workspace.carryOut(action, fs);
      const seen = { at, files: readdirSync(out).toSorted(), f: readFileSync(join(out, "f"), "utf8") };
      expect(seen).toEqual({ at, files: ["f", "gone"], f: "a\n" });
    }
  });

  it("parts a file from a name outside when it is told to", async () => {
    await using workspace = await openWorkspace({ "in/f": "a\n" });
    linkSync(join(workspace.root, "in/f"), join(workspace.root, "outside"));
    const action = await workspace.compute(patchOf("*** Update File: in/f", "@@", "-a", "+b"));
    await workspace.carryOut(action, nodeFileSystem, { partsHardLinks: true });
    expect([await workspace.read("in/f"), await workspace.read("outside")]).toEqual(["b\n", "a\n"]);
  });

  it("does not remove a file that somebody else added with the very content", async () => {
    await using workspace = await openWorkspace();
    const action = await workspace.compute(patchOf("*** Add File: a", "+same", "*** Add File: b", "+other"));
    await workspace.write("a", "same\n");
    expect(await workspace.carryOut(action)).toMatchObject({ ok: false, notRestored: [] });
    expect(await workspace.list()).toEqual(["a"]);
  });
});

describe("odd paths", () => {
  it.each([
    ["*** Add File: a\0b", "The path holds a NUL character."],
    ["*** Add File: " + "n".repeat(300), "the name is too long"],
    ["*** Add File: f/", ""],
    ["*** Add File: f/../f", "exists already"],
  ])("%j is refused with its cause", async (header, message) => {
    await using workspace = await openWorkspace(FILES);
    const output = await workspace.apply(patchOf("*** Add File: first", "+1", header, "+x"));
    expect(output).toMatch(/^error: /);
    expect(output).toContain(message);
    expect(await workspace.list()).toEqual(["f", "gone"]);
  });

  it("carries a chain of moves through, each into the place that the one before left", async () => {
    await using workspace = await openWorkspace({ a: "a\n", b: "b\n", c: "c\n" });
    chmodSync(join(workspace.root, "c"), 0o755);
    const move = (from: string, to: string): string[] => [`*** Update File: ${from}`, `*** Move to: ${to}`, "@@", ` ${from}`];
    expect(await workspace.apply(patchOf(...move("c", "d"), ...move("b", "c"), ...move("a", "b")))).toMatch(/^Success/);
    expect(await Promise.all(["b", "c", "d"].map(workspace.read))).toEqual(["a\n", "b\n", "c\n"]);
    expect(await workspace.mode("d")).toBe(0o755);
    expect(await workspace.list()).toEqual(["b", "c", "d"]);
  });

  it("gives new files and folders the permissions that the user's umask leaves", async () => {
    await using workspace = await openWorkspace();
    const before = process.umask(0o027);
    try {
      await workspace.apply(
        patchOf("*** Add File: d/f", "+x", "*** Add File: d/large", ...Array.from({ length: 100 }, () => `+${"x".repeat(99)}`)),
      );
    } finally {
      process.umask(before);
    }
    expect(await Promise.all(["d", "d/f", "d/large"].map(workspace.mode))).toEqual([0o750, 0o640, 0o640]);
  });
});
