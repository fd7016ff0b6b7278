import { PLACEHOLDER_TIME } from "@codex/linux-sandbox";
import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Config } from "../../src/config/config.ts";
import type { Host, Logger } from "../../src/host/host.ts";
import { nodeFileSystem } from "../../src/node/file-system.ts";
import { findGitRoot } from "../../src/session/git.ts";
import { readProjectDocs } from "../../src/transcript/project-docs.ts";

let root: string;
let host: Pick<Host, "fs" | "log">;
const logged: string[] = [];
const log: Logger = { write: (_level, message) => void logged.push(message), flush: async () => {} };

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "project-docs-"));
  host = { fs: nodeFileSystem, log };
  logged.length = 0;
});
afterEach(() => rm(root, { recursive: true }));

async function files(tree: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(tree)) {
    await mkdir(join(root, path, ".."), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

function config(overrides: Partial<Config["projectDoc"]> = {}): Config {
  const projectDoc = { maxBytes: 1000, fallbackFilenames: [], rootMarkers: [".git"], ...overrides };
  return { cwd: join(root, "repo/a/b"), codexHome: join(root, "home"), projectDoc } as unknown as Config;
}

test("the chain is the home's file, then one per directory from the project's root to cwd, the override first", async () => {
  await files({
    "AGENTS.md": "outside",
    "home/AGENTS.md": "home",
    "repo/.git/HEAD": "",
    "repo/AGENTS.md": "root\n",
    "repo/a/AGENTS.md": "plain",
    "repo/a/AGENTS.override.md": "override",
    "repo/a/b/AGENTS.md": "   \n",
    "repo/a/b/GUIDE.md": "fallback",
  });
  const docs = await readProjectDocs(config({ fallbackFilenames: ["GUIDE.md"] }), host);
  expect(docs.map((doc) => [doc.path.slice(root.length + 1), doc.text])).toEqual([
    ["home/AGENTS.md", "home"],
    ["repo/AGENTS.md", "root"],
    ["repo/a/AGENTS.override.md", "override"],
    ["repo/a/b/GUIDE.md", "fallback"],
  ]);
});

test("outside a project only cwd is looked at", async () => {
  await files({ "repo/AGENTS.md": "above", "repo/a/b/AGENTS.md": "here" });
  expect((await readProjectDocs(config(), host)).map((doc) => doc.text)).toEqual(["here"]);
});

test("a long file is cut and the rest counted; zero bytes turn the files off", async () => {
  await files({ "repo/.git": "gitdir: elsewhere", "repo/a/b/AGENTS.md": "0123456789" });
  const [doc] = await readProjectDocs(config({ maxBytes: 4 }), host);
  expect(doc).toEqual({ path: join(root, "repo/a/b/AGENTS.md"), text: "0123", cutBytes: 6 });
  expect(await readProjectDocs(config({ maxBytes: 0 }), host)).toEqual([]);
});

test("a folder in a file's place is passed over and logged", async () => {
  await files({ "repo/.git/HEAD": "", "repo/a/b/AGENTS.md/inner": "" });
  expect(await readProjectDocs(config(), host)).toEqual([]);
  expect(logged).toEqual(["an instruction file cannot be read"]);
});

test.skipIf(process.platform === "win32")("a link to a device, links in a circle and a folder are passed over (POSIX)", async () => {
  await files({ "repo/AGENTS.md": "root" });
  await mkdir(join(root, "repo/a/b/AGENTS.override.md"), { recursive: true });
  await symlink("/dev/zero", join(root, "repo/a/b/AGENTS.md"));
  await symlink("AGENTS.md", join(root, "repo/a/AGENTS.md"));
  await symlink(".git", join(root, "repo/a/b/.git"));
  await mkdir(join(root, "repo/.git"));
  const docs = await readProjectDocs(config(), host);
  expect(docs.map((doc) => doc.text)).toEqual(["root"]);
  expect(logged).toEqual(times(3, "an instruction file cannot be read"));
});

function times(count: number, text: string): string[] {
  return Array.from({ length: count }, () => text);
}

test("the empty folder a sandbox puts in the place of .git marks no project", async () => {
  await files({ "repo/AGENTS.md": "above", "repo/a/b/AGENTS.md": "here" });
  await mkdir(join(root, "repo/.git"));
  await utimes(join(root, "repo/.git"), PLACEHOLDER_TIME, PLACEHOLDER_TIME);
  expect((await readProjectDocs(config(), host)).map((doc) => doc.text)).toEqual(["here"]);
  expect(await findGitRoot(join(root, "repo/a"), nodeFileSystem)).not.toBe(join(root, "repo"));
});
