import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createNodeHost } from "@codex/core";
import { expect, onTestFinished, test } from "vitest";
import { readBranch } from "../../src/services/branch.ts";
import { exportMarkdown } from "../../src/services/export-markdown.ts";
import { openFileIndex } from "../../src/services/file-index.ts";
import { openPromptFile } from "../../src/services/prompt-file.ts";
import { workingTreeDiff } from "../../src/services/working-tree-diff.ts";
import { COMPLETE, execBegin, execEnd, STARTED } from "../support/events.ts";
import { Play } from "../support/play.ts";

const run = promisify(execFile);

async function folder() {
  const root = await mkdtemp(join(tmpdir(), "tui-"));
  const host = createNodeHost({ env: { PATH: process.env["PATH"], HOME: root } });
  onTestFinished(async () => {
    await host.processes.close();
    await rm(root, { recursive: true, force: true });
  });
  return { root, host, signal: new AbortController().signal };
}

async function repository() {
  const made = await folder();
  const git = (...args: string[]) => run("git", ["-c", "user.name=a", "-c", "user.email=a@b", ...args], { cwd: made.root });
  await git("init", "-q", "-b", "trunk");
  await writeFile(join(made.root, ".gitignore"), "hidden.txt\nout/\n");
  await writeFile(join(made.root, "kept ü.txt"), "one\n");
  await git("add", ".");
  await git("commit", "-qm", "first");
  return made;
}

test("messages come back in the next session, from a file that is its owner's only", async () => {
  const { root, host } = await folder();
  const path = join(root, "home", "history.jsonl");
  const options = { fs: host.fs, now: () => 1_000_000 };
  expect(await openPromptFile(path, options).load()).toEqual([]);
  await openPromptFile(path, options).add("one\ntwo");
  await writeFile(path, `${await readFile(path, "utf8")}{"damaged\n`);
  await openPromptFile(path, options).add("three");
  expect(await openPromptFile(path, options).load()).toEqual(["one\ntwo", "three"]);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect((await stat(join(root, "home"))).mode & 0o777).toBe(0o700);
});

test("files that .gitignore hides are not offered, new ones are", async () => {
  const { root, host, signal } = await repository();
  await mkdir(join(root, "out"));
  for (const name of ["new.txt", "hidden.txt", "out/made.txt"]) await writeFile(join(root, name), "x");
  const files = await openFileIndex(host, root, signal).list();
  expect(files.toSorted()).toEqual([".gitignore", "kept ü.txt", "new.txt"]);
});

test("without git the folders are walked, hidden and generated ones left out", async () => {
  const { root, host, signal } = await folder();
  for (const name of ["src", ".cache", "node_modules"]) {
    await mkdir(join(root, name));
    await writeFile(join(root, name, "a.txt"), "x");
  }
  expect(await openFileIndex(host, root, signal).list()).toEqual(["src/a.txt"]);
});

test("the diff has changed and new files, or says why there is none", async () => {
  const { root, host, signal } = await repository();
  expect(await workingTreeDiff(host, root, signal)).toBe("Nothing has changed since the last commit.");
  await writeFile(join(root, "kept ü.txt"), "two\n");
  await writeFile(join(root, "new.txt"), "fresh\n");
  const diff = await workingTreeDiff(host, root, signal);
  expect(diff.split("\n").filter((line) => /^[-+]/.test(line))).toEqual([
    expect.stringMatching(/^--- a\/kept ü.txt/),
    expect.stringMatching(/^\+\+\+ b\/kept ü.txt/),
    "-one",
    "+two",
    "--- /dev/null",
    "+++ b/new.txt",
    "+fresh",
  ]);
  const bare = await folder();
  expect(await workingTreeDiff(bare.host, bare.root, bare.signal)).toBe("This folder is not inside a git repository.");
});

test("the branch is read without git, in worktrees too", async () => {
  const { root, host } = await repository();
  expect(await readBranch(host.fs, root)).toBe("trunk");
  await run("git", ["worktree", "add", "-q", "-b", "side", join(root, "out")], { cwd: root });
  expect(await readBranch(host.fs, join(root, "out"))).toBe("side");
  expect(await readBranch(host.fs, join(root, "nowhere"))).toBe("");
});

test("an exported conversation is Markdown that holds its own fences", () => {
  const play = new Play()
    .ready()
    .type("show me")
    .press("enter")
    .events(STARTED, execBegin("a", "cat README.md"), execEnd("a", "```js\nlet a;\n```\n"));
  play.events({ type: "agent_message", message: "There it is." }, COMPLETE);
  expect(exportMarkdown(play.state.history, play.state.facts)).toBe(`# Codex session 0198f0c2-7a5e-7c1d-9f00-3b1c5e7a9d11

- model: gpt-5.5
- folder: /home/me/shop
- approval: on-request
- sandbox: workspace-write

## User

show me

\`\`\`\`console
$ cat README.md
\`\`\`js
let a;
\`\`\`
\`\`\`\`

## Codex

There it is.

`);
});
