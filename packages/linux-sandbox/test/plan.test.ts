import { execFileSync } from "node:child_process";
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { PLACEHOLDER_TIME } from "../src/placeholder-time.ts";
import { changedRoots, compilePlan, planKey, type Plan } from "../src/plan.ts";
import type { SandboxPermission } from "../src/policy.ts";

let folder = "";
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "plan-test-")));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function plan(
  permissions: readonly SandboxPermission[],
  options: { cwd?: string; deniedReads?: string[]; scanLimit?: number; agentFolder?: string } = {},
): Plan {
  return compilePlan({ permissions }, { cwd: folder, platform: "linux", temporaryDirectory: "/nowhere", ...options });
}
const inFolder = (...names: string[]): string[] => names.map((name) => join(folder, name));
const make = (...names: string[]): void => {
  for (const name of inFolder(...names)) mkdirSync(name, { recursive: true });
};
const identityOf = (path: string): { dev: string; ino: string; born: string } => {
  const { dev, ino, birthtimeNs } = statSync(path, { bigint: true });
  return { dev: String(dev), ino: String(ino), born: String(birthtimeNs) };
};

test("reading alone gives a plan without roots", () => {
  expect(plan(["disk-full-read-access"])).toEqual({
    network: "none",
    fullWrite: false,
    writableRoots: [],
    protectedPaths: [],
    missingProtected: [],
    deniedReads: [],
    needs: ["write", "metadata", "network", "abstract_sockets", "signals"],
    remarks: [],
  });
});

test("a writable folder is known by its real path and identity, and what it lacks is kept from appearing", () => {
  make("real/.git", "real/.codex");
  symlinkSync(join(folder, "real"), join(folder, "alias"));
  const [real = ""] = inFolder("real");
  const readOnly = inFolder("real/.codex", "real/.git");
  expect(plan(["disk-write-cwd", { "disk-write-folder": { folder: real } }], { cwd: join(folder, "alias") })).toEqual({
    network: "none",
    fullWrite: false,
    writableRoots: [{ path: real, ...identityOf(real), readOnly }],
    protectedPaths: readOnly,
    missingProtected: inFolder("real/.agents"),
    deniedReads: [],
    needs: ["write", "metadata", "network", "carveout", "abstract_sockets", "signals", "processes", "ipc", "loopback"],
    remarks: [],
  });
});

test("the agent's own folder is closed in a folder that may be written, and kept from appearing", () => {
  make("home/rules", "real");
  symlinkSync(join(folder, "real"), join(folder, "alias"));
  const [home = "", alias = "", real = "", missing = "", far = ""] = inFolder("home", "alias", "real", "missing", "no/home");
  const closed = (agentFolder: string): unknown => {
    const { protectedPaths, missingProtected } = plan(["disk-write-cwd"], { agentFolder });
    return [protectedPaths, missingProtected.filter((path) => !/\.(?:git|codex|agents)$/u.test(path))];
  };
  expect([closed(home), closed(alias), closed(missing), closed(far), closed("/elsewhere")]).toEqual([
    [[home], []],
    [[real], []],
    [[], [missing]],
    [[], []],
    [[], []],
  ]);
});

test("a folder inside of the agent's own is a workspace, and of one that is itself writable the settings are closed", () => {
  make("home/rules", "home/work/.git");
  writeFileSync(join(folder, "home/auth.json"), "");
  const [home = "", work = ""] = inFolder("home", "home/work");
  const outer = { "disk-write-folder": { folder } };
  const inner = plan([outer, "disk-write-cwd"], { cwd: work, agentFolder: home });
  expect([inner.writableRoots.map(({ path }) => path), inner.protectedPaths]).toEqual([
    [folder, work],
    [home, join(work, ".git")],
  ]);
  const settings = inFolder("home/auth.json", "home/rules");
  const asCwd = plan(["disk-write-cwd"], { cwd: home, agentFolder: home });
  expect([asCwd.protectedPaths.filter((path) => !path.endsWith(".git")), asCwd.remarks]).toEqual([
    settings,
    [`${home} is the agent's own folder: settings that it does not have yet can be made there.`],
  ]);
  const named = plan([outer, { "disk-write-folder": { folder: home } }], { agentFolder: home });
  expect(named.protectedPaths.filter((path) => !path.endsWith(".git"))).toEqual(settings);
});

test("a protected name that is granted before it exists may be made, and whatever stands in for it meanwhile is no root", () => {
  const granted = { "disk-write-folder": { folder: join(folder, ".git") } };
  const missing = plan(["disk-write-cwd", granted]);
  expect([missing.missingProtected, missing.remarks]).toEqual([inFolder(".codex", ".agents"), []]);
  make(".git");
  utimesSync(join(folder, ".git"), PLACEHOLDER_TIME, PLACEHOLDER_TIME);
  expect(plan(["disk-write-cwd", granted])).toEqual(missing);
});

test("repositories inside are protected with their configuration folders, at every depth that is searched", () => {
  make("a/b/c/.git", "a/.agents", "node_modules/x/.git");
  expect(plan(["disk-write-cwd"]).protectedPaths).toEqual(inFolder("a/.agents", "a/b/c/.git", "node_modules/x/.git"));
});

test("a search that is cut short is said, and looks into packages last", () => {
  make("node_modules/x/.git", "a/b/.git", "c", "d");
  const cut = plan(["disk-write-cwd"], { scanLimit: 5 });
  expect([cut.protectedPaths, cut.remarks]).toEqual([
    inFolder("a/b/.git"),
    [`${folder} is large: nested repositories deep inside it may be unprotected.`],
  ]);
});

test("temporary folders are searched for fewer repositories, and without a word", () => {
  make(".git", ...Array.from({ length: 20 }, (_, index) => `sub${String(index).padStart(2, "0")}/.git`));
  symlinkSync("/etc", join(folder, "sub00/.codex"));
  const temporary = (permissions: readonly SandboxPermission[], scanLimit?: number): Plan =>
    compilePlan(
      { permissions },
      { cwd: folder, platform: "darwin", temporaryDirectory: folder, ...(scanLimit === undefined ? {} : { scanLimit }) },
    );
  const some = temporary(["disk-write-platform-user-temp-folder"]);
  expect([some.protectedPaths.length, some.remarks]).toEqual([8, []]);
  expect(temporary(["disk-write-platform-user-temp-folder"], 1)).toMatchObject({ protectedPaths: inFolder(".git"), remarks: [] });
  expect(temporary(["disk-write-platform-user-temp-folder", "disk-write-cwd"]).protectedPaths).toHaveLength(21);
});

test("a folder granted inside of something protected is open as a whole, but below .codex it protects what it holds", () => {
  make(".git/modules/a/.codex", ".codex/work/a/.git");
  const grant = (...names: string[]): Plan =>
    plan(["disk-write-cwd", ...inFolder(...names).map((one) => ({ "disk-write-folder": { folder: one } }))]);
  expect(grant(".git").protectedPaths).toEqual(inFolder(".codex"));
  expect(grant(".git/modules").protectedPaths).toEqual(inFolder(".codex", ".git"));
  const below = grant(".codex/work");
  expect(below.protectedPaths).toEqual(inFolder(".codex", ".codex/work/a/.git", ".git"));
  expect(below.missingProtected).toEqual(inFolder(".agents", ".codex/work/.git", ".codex/work/.codex", ".codex/work/.agents"));
});

test("a folder with very many repositories protects the nearest ones and says so", () => {
  make(...Array.from({ length: 70 }, (_, index) => `${index}/.git`), "a/b/.git");
  const many = plan(["disk-write-cwd"]);
  expect([many.protectedPaths.length, many.protectedPaths.includes(join(folder, "a/b/.git"))]).toEqual([64, false]);
  expect(many.remarks).toEqual([`${folder} is large: nested repositories deep inside it may be unprotected.`]);
});

test("links are not followed in the search", () => {
  make("elsewhere/.git", "work");
  symlinkSync(join(folder, "elsewhere"), join(folder, "work", "link"));
  expect(plan(["disk-write-cwd"], { cwd: join(folder, "work") }).protectedPaths).toEqual([]);
});

test("a worktree protects its .git file, its own folder and the shared one, as far as they are writable at all", () => {
  make("main");
  const git = (...words: string[]): void =>
    void execFileSync("git", ["-C", join(folder, "main"), "-c", "user.name=a", "-c", "user.email=a@b", ...words], { stdio: "ignore" });
  git("init", "-q");
  git("commit", "-q", "--allow-empty", "-m", "x");
  git("worktree", "add", "-q", join(folder, "tree"));
  expect(plan(["disk-write-cwd"], { cwd: join(folder, "tree") }).protectedPaths).toEqual(inFolder("tree/.git"));
  expect(plan(["disk-write-cwd"]).protectedPaths).toEqual(inFolder("main/.git", "main/.git/worktrees/tree", "tree/.git"));
  // The search finds nothing here, so that only the file leads there.
  expect(plan(["disk-write-cwd", { "disk-write-folder": { folder: join(folder, "tree") } }], { scanLimit: 1 }).protectedPaths).toEqual(
    inFolder("main/.git", "main/.git/worktrees/tree", "tree/.git"),
  );
});

test("a protected name that is a link protects what it leads to and says what it cannot do", () => {
  make("store/repository", "work");
  symlinkSync(join(folder, "store", "repository"), join(folder, "work", ".git"));
  const linked = plan([
    { "disk-write-folder": { folder: join(folder, "work") } },
    { "disk-write-folder": { folder: join(folder, "store") } },
  ]);
  expect([linked.protectedPaths, linked.missingProtected.includes(join(folder, "work", ".git"))]).toEqual([
    inFolder("store/repository"),
    false,
  ]);
  expect(linked.remarks).toEqual([
    `${join(folder, "work", ".git")} is a link: its target is protected, but the link itself can be replaced.`,
  ]);
});

test("outer roots come before inner ones, a missing one is said and left out", () => {
  make("a/b", "a-b");
  const folders = ["a/b", "gone", "a-b", "a"].map((name) => ({ "disk-write-folder": { folder: join(folder, name) } }));
  const made = plan(folders);
  expect(made.writableRoots.map(({ path }) => path)).toEqual(inFolder("a", "a-b", "a/b"));
  expect(made.remarks).toEqual([`${join(folder, "gone")} does not exist and is therefore not writable.`]);
});

test("full write access protects nothing and needs only the network's part", () => {
  make(".git");
  expect(plan(["disk-full-write-access", "disk-write-cwd"])).toEqual({
    network: "none",
    fullWrite: true,
    writableRoots: [],
    protectedPaths: [],
    missingProtected: [],
    deniedReads: [],
    needs: ["network", "abstract_sockets", "signals"],
    remarks: [],
  });
});

test("denied reads are canonical, and those that do not exist are left out", () => {
  make("secret");
  symlinkSync(join(folder, "secret"), join(folder, "alias"));
  const made = plan([], { deniedReads: inFolder("alias", "secret", "gone") });
  expect([made.deniedReads, made.needs.includes("denied_reads")]).toEqual([inFolder("secret"), true]);
});

test("a root that was removed, made again or exchanged for a link is noticed", () => {
  make("a", "b", "c", "d");
  const made = plan(["a", "b", "c", "d"].map((name) => ({ "disk-write-folder": { folder: join(folder, name) } })));
  expect(changedRoots(made)).toEqual([]);
  // Held open, as a worker's Landlock rules hold it: otherwise the file system may give the same number again.
  const held = openSync(join(folder, "b"), "r");
  rmSync(join(folder, "a"), { recursive: true });
  rmSync(join(folder, "b"), { recursive: true });
  make("x", "b");
  rmSync(join(folder, "c"), { recursive: true });
  symlinkSync("/etc", join(folder, "c"));
  expect(changedRoots(made)).toEqual(inFolder("a", "b", "c"));
  closeSync(held);
});

test("a root that was made again is noticed also when the file system gives it the same number", () => {
  make("a");
  const [a = "", other = ""] = inFolder("a", "other");
  const { born } = identityOf(a);
  const made = plan([{ "disk-write-folder": { folder: a } }]);
  // The clock of births may stand still for some milliseconds.
  for (make("other"); identityOf(other).born === born; make("other")) rmSync(other, { recursive: true });
  rmSync(a, { recursive: true });
  make("a");
  expect(changedRoots(made)).toEqual([a]);
});

test("plans that differ only in what is protected share a worker", () => {
  const before = plan(["disk-write-cwd"]);
  make(".git", "sub/.git");
  expect(planKey(plan(["disk-write-cwd"]))).toBe(planKey(before));
  expect(planKey(plan(["disk-write-cwd", "network-full-access"]))).not.toBe(planKey(before));
});
