import { mkdir, mkdtemp, open, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { amendmentFile, appendAllowRule, appendNetworkRule, isTooBroad, withSessionRule, type RuleFileSystem } from "../../src/index.ts";
import { judge, rulesOf } from "../script/scripts.ts";

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "codex-rules-"));
  file = join(folder, "home", "rules", "default.rules");
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const unlessMissing = async <Result>(action: Promise<Result>): Promise<Result | undefined> =>
  action.catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });

let serial = 0;

const REAL: RuleFileSystem = {
  readText: (path) => unlessMissing(readFile(path, "utf8")),
  replaceText: async (path, text) => {
    serial += 1;
    await writeFile(`${path}.${serial}`, text, { mode: 0o600 });
    await rename(`${path}.${serial}`, path);
  },
  makeDirectory: async (path) => void (await mkdir(path, { recursive: true, mode: 0o700 })),
  createExclusively: async (path) => {
    try {
      await (await open(path, "wx")).close();
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
      throw error;
    }
  },
  ageMs: async (path) => {
    const found = await unlessMissing(stat(path));
    return found === undefined ? undefined : Date.now() - found.mtimeMs;
  },
  remove: (path) => rm(path, { force: true }),
  waitMs: (ms) => new Promise((resolve) => void setTimeout(resolve, ms)),
};

const LINE = 'prefix_rule(pattern=["npm", "run", "test \\"all\\""], decision="allow")';

test("a rule is added to a file that is made for it, and only once", async () => {
  const words = ["npm", "run", 'test "all"'];

  expect(await appendAllowRule(file, words, REAL)).toEqual({ type: "added", path: file, line: LINE, outranked: undefined });
  expect(await appendAllowRule(file, words, REAL)).toEqual({ type: "present", path: file, line: LINE, outranked: undefined });
  expect(await readFile(file, "utf8")).toBe(`${LINE}\n`);
});

test("a file without a last line break gets one first, and a stricter rule is named", async () => {
  await mkdir(join(folder, "home", "rules"), { recursive: true });
  await writeFile(file, '# mine\nprefix_rule(["npm"], "prompt")');

  expect(await appendAllowRule(file, ["npm", "test"], REAL)).toMatchObject({
    type: "added",
    outranked: { path: file, line: 2, column: 1 },
  });
  expect(await readFile(file, "utf8")).toBe(
    '# mine\nprefix_rule(["npm"], "prompt")\nprefix_rule(pattern=["npm", "test"], decision="allow")\n',
  );
});

test("a file that is refused is left as it is", async () => {
  await mkdir(join(folder, "home", "rules"), { recursive: true });
  await writeFile(file, "prefix_rul()\n");

  expect(await appendAllowRule(file, ["npm"], REAL)).toMatchObject({ type: "broken", error: { line: 1, column: 1 } });
  expect(await readFile(file, "utf8")).toBe("prefix_rul()\n");
});

test.each([[[]], [["bash", "-lc"]], [["sudo"]], [["python3", "-c"]], [["env"]], [["git"]]])(
  "%j is too broad to be allowed for ever",
  async (words) => {
    expect(await appendAllowRule(file, words, REAL)).toEqual({ type: "too_broad" });
    expect(withSessionRule(rulesOf(""), words)).toBeUndefined();
  },
);

test("words that no file can hold are refused", async () => {
  expect(await appendAllowRule(file, ["a", "\ud800"], REAL)).toEqual({ type: "not_writable" });
});

test("many that write at once all get their line in", async () => {
  const names = Array.from({ length: 20 }, (_, index) => `tool${index}`);

  await Promise.all(names.map((name) => appendAllowRule(file, [name], REAL)));

  const lines = (await readFile(file, "utf8")).trim().split("\n").sort();
  expect(lines).toEqual(names.map((name) => `prefix_rule(pattern=["${name}"], decision="allow")`).sort());
});

test("a lock that was left behind is taken over, a fresh one is waited for in vain", async () => {
  await mkdir(join(folder, "home", "rules"), { recursive: true });
  await writeFile(`${file}.lock`, "");
  const patient: RuleFileSystem = { ...REAL, waitMs: () => Promise.resolve() };
  expect(await appendAllowRule(file, ["tool"], patient)).toEqual({ type: "locked", lock: `${file}.lock` });

  await utimes(`${file}.lock`, 1, 1);
  expect(await appendAllowRule(file, ["tool"], REAL)).toMatchObject({ type: "added" });
});

test("a network rule is written with its reason", async () => {
  const rule = { host: "api.example.com", protocol: "https", decision: "forbidden", justification: "not ours" } as const;

  expect(await appendNetworkRule(file, rule, REAL)).toMatchObject({
    type: "added",
    line: 'network_rule(host="api.example.com", protocol="https", decision="deny", justification="not ours")',
  });
});

test("a rule for the session allows, but not over a rule that asks", () => {
  const rules = rulesOf('prefix_rule(["npm", "publish"], "prompt")');
  const amended = withSessionRule(rules, ["npm"]) ?? rules;

  expect(judge("npm test", rules).verdict).toBe("none");
  expect(judge("npm test", amended).verdict).toBe("allow");
  expect(judge("npm publish", amended).verdict).toBe("prompt");
});

test("a project's file is only for projects that are trusted", () => {
  const folders = { codexHome: "/home/me/.codex", project: "/home/me/project" };

  expect(amendmentFile("user", { ...folders, projectTrusted: false })).toBe("/home/me/.codex/rules/default.rules");
  expect(amendmentFile("project", { ...folders, projectTrusted: true })).toBe("/home/me/project/.codex/rules/default.rules");
  expect(amendmentFile("project", { ...folders, projectTrusted: false })).toBeUndefined();
});

test.each(["sudo -n", "env A=1", "/usr/bin/python3.12 -u", "python3.11", "bash -x", "node --eval", "/opt/bin/env", "ssh -v", "timeout -k"])(
  "%s would allow any program at all",
  (text) => {
    expect(isTooBroad(text.split(" "))).toBe(true);
  },
);

test.each([
  "python3 -m pytest",
  "node --test test/a.js",
  "bash build.sh",
  "sudo systemctl status",
  "git status",
  "npm test",
  "docker run x",
  "nodemon",
])("%s says what it allows", (text) => {
  expect(isTooBroad(text.split(" "))).toBe(false);
});
