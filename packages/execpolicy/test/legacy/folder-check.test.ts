import { expect, test } from "vitest";
import { checkCall, checkFolders, DEFAULT_POLICY, loadLegacyPolicy, type Folders, type ValidExec } from "../../src/index.ts";
import { readProgramRegex } from "../../src/legacy/program-regex.ts";

const FOLDERS: Folders = {
  readable: ["/project"],
  writeable: ["/project/out"],
  cwd: "/project",
  isExecutable: (path) => path === "/usr/bin/cp",
};

function copy(...args: readonly string[]): ValidExec {
  const loaded = loadLegacyPolicy({ path: "default.policy", text: DEFAULT_POLICY });
  if (!loaded.ok) throw new Error(loaded.error.message);
  const verdict = checkCall(loaded.policy, { program: "cp", args });
  if (verdict.result !== "match") throw new Error(verdict.result);
  return verdict.match;
}

test("files are held against the folders, and the program is looked up", () => {
  expect(checkFolders(copy("a", "out/b"), FOLDERS)).toEqual({ ok: true, program: "/usr/bin/cp" });
  expect(checkFolders(copy("a", "out"), { ...FOLDERS, isExecutable: () => false })).toEqual({ ok: true, program: "cp" });
  expect(checkFolders(copy("../x", "out/b"), FOLDERS)).toEqual({
    ok: false,
    fault: { type: "ReadablePathNotInReadableFolders", file: "/x", folders: ["/project"] },
  });
  expect(checkFolders(copy("a", "out/../b"), FOLDERS)).toEqual({
    ok: false,
    fault: { type: "WriteablePathNotInWriteableFolders", file: "/project/b", folders: ["/project/out"] },
  });
  expect(checkFolders(copy("a", "/project/outside"), FOLDERS)).toMatchObject({ ok: false });
  expect(checkFolders(copy("a", "/project/out/b"), { ...FOLDERS, cwd: undefined })).toEqual({
    ok: false,
    fault: { type: "CannotCheckRelativePath", file: "a" },
  });
});

test.each([
  ["^(ssh|scp)$", "scp", true],
  ["^(ssh|scp)$", "sshd", false],
  ["rm", "format", true],
  ["(?i)^GIT", "git", true],
  ["a.c", "a\rc", true],
  ["a.c", "a\nc", false],
  ["a\\-b\\#", "a-b#", true],
  ["[a-c]{2}\\z", "xab", true],
  ["^\\x41\\u0042\\x{43}\\U00000044$", "ABCD", true],
  ["^(?P<shell>ba|z)sh$", "zsh", true],
  ["^(?<shell>ba|z)sh$", "fish", false],
  ["^[[:alpha:]_]+[[:digit:]]$", "my_tool3", true],
  ["^[^[:upper:]]+$", "gIt", false],
  ["(?is)^A.C$", "a\nc", true],
  ["x\\sy", "x\u00a0y", false],
  ["^[\\s&]+$", "\t &", true],
  ["^a--b$", "a--b", true],
])("the pattern %j and the program %j: %s", (source, program, found) => {
  const regex = readProgramRegex(source);

  expect(regex.ok && regex.pattern.test(program)).toBe(found);
});

test.each([
  "(?=a)",
  "(?<!a)b",
  "(a)\\1",
  "(",
  "[a",
  "[[a]]",
  "a**",
  "\\q",
  "[a&&b]",
  "[a--b]",
  "[[:foo:]]",
  "(?x)a",
  "(?i:a)",
  "[:alpha:]",
])("%j is refused", (source) => {
  expect(readProgramRegex(source).ok).toBe(false);
});
