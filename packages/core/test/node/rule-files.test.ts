import { appendAllowRule } from "@codex/execpolicy";
import { chmod, lstat, mkdir, readdir, readFile, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { nodeRuleFiles } from "../../src/node/rule-files.ts";
import { temporaryFolder } from "../safety/temporary-folder.ts";

const LINE = 'prefix_rule(pattern=["npm", "test"], decision="allow")\n';

test("a file and its folders are made for their owner alone, and nothing else is left there", async () => {
  const folder = join(await temporaryFolder(), "home", "rules");
  const file = join(folder, "default.rules");
  expect(await appendAllowRule(file, ["npm", "test"], nodeRuleFiles)).toMatchObject({ type: "added" });
  expect(await readFile(file, "utf8")).toBe(LINE);
  expect([(await stat(file)).mode & 0o777, (await stat(folder)).mode & 0o777]).toEqual([0o600, 0o700]);
  expect(await readdir(folder)).toEqual(["default.rules"]);
});

test("a link stays a link, and its file keeps its mode", async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, "dotfiles"));
  const [real, link] = [join(folder, "dotfiles", "my.rules"), join(folder, "default.rules")];
  await writeFile(real, "# mine\n");
  await chmod(real, 0o640);
  await symlink(real, link);
  await appendAllowRule(link, ["npm", "test"], nodeRuleFiles);
  expect((await lstat(link)).isSymbolicLink()).toBe(true);
  expect([await readFile(real, "utf8"), (await stat(real)).mode & 0o777]).toEqual([`# mine\n${LINE}`, 0o640]);
  expect(await readdir(join(folder, "dotfiles"))).toEqual(["my.rules"]);
});

test("a lock that was left behind does not hold for ever, and writers wait for each other", async () => {
  const file = join(await temporaryFolder(), "default.rules");
  await writeFile(`${file}.lock`, "");
  const before = new Date(Date.now() - 60_000);
  await utimes(`${file}.lock`, before, before);
  const words = Array.from({ length: 8 }, (_, index) => `w${index}`);
  await Promise.all(words.map((word) => appendAllowRule(file, ["npm", word], nodeRuleFiles)));
  const lines = (await readFile(file, "utf8")).trim().split("\n");
  expect(lines.toSorted((a, b) => a.localeCompare(b))).toEqual(
    words.map((word) => `prefix_rule(pattern=["npm", "${word}"], decision="allow")`),
  );
});
