import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { nodeFileSystem } from "../../src/node/file-system.ts";
import { isKnownSafe } from "../../src/safety/command.ts";
import { SAFE_COMMANDS } from "./known-safe-cases.ts";
import { temporaryFolder } from "./temporary-folder.ts";

test("no known-safe command runs a program of a repository whose settings name one wherever git looks for one", async () => {
  const folder = await temporaryFolder();
  const marker = join(folder, "marker");
  const repository = hostileRepository(folder, marker);

  run(repository, ["git", "status"]);
  expect(existsSync(marker), "the trap works").toBe(true);
  rmSync(marker);

  for (const command of SAFE_COMMANDS.trim().split("\n")) {
    const argv = command.split(" ");
    const context = { os: process.platform, cwd: repository, writableRoots: [], searchPath: process.env["PATH"] ?? "", fs: nodeFileSystem };
    expect(await isKnownSafe(argv, context), command).toMatchObject({ safe: true });
    run(repository, argv);
    expect(existsSync(marker), command).toBe(false);
  }
});

function hostileRepository(folder: string, marker: string): string {
  const repository = join(folder, "repository");
  mkdirSync(repository);
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b", ...args], { cwd: repository, stdio: "pipe" });
  git("init", "-q", "-b", "main");
  writeFileSync(join(repository, "f"), "one\n");
  git("add", ".");
  git("commit", "-qm", "first");

  const trap = join(folder, "trap");
  writeFileSync(trap, `#!/bin/sh\ntouch ${marker}\nexit 1\n`);
  chmodSync(trap, 0o755);
  const settings = [
    "core.fsmonitor",
    "core.pager",
    "core.editor",
    "core.sshCommand",
    "core.askPass",
    "diff.external",
    "diff.x.textconv",
    "diff.x.command",
  ];
  settings.push(
    "filter.x.clean",
    "filter.x.smudge",
    "filter.x.process",
    "gpg.program",
    "pager.branch",
    "pager.remote",
    "credential.helper",
    "remote.origin.uploadpack",
  );
  for (const setting of settings) git("config", setting, trap);
  git("config", "log.showSignature", "true");
  git("config", "extensions.partialClone", "origin");
  git("config", "core.repositoryFormatVersion", "1");
  git("config", "remote.origin.url", repository);
  git("config", "remote.origin.promisor", "true");
  git("config", "core.hooksPath", join(folder, "hooks"));
  git("config", "alias.rev-parse", `!${trap}`);
  mkdirSync(join(folder, "hooks"));
  for (const hook of ["post-index-change", "reference-transaction", "post-checkout"]) {
    writeFileSync(join(folder, "hooks", hook), `#!/bin/sh\ntouch ${marker}\n`, { mode: 0o755 });
  }
  writeFileSync(join(repository, ".gitattributes"), "* diff=x filter=x\n");
  writeFileSync(join(repository, "f"), "two\n");
  rmSync(marker, { force: true });
  return repository;
}

function run(cwd: string, [program = "", ...args]: readonly string[]): void {
  spawnSync(program, args, { cwd, stdio: ["ignore", "pipe", "pipe"], timeout: 10_000 });
}
