import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { checkPrefixRules, runPrefixCheck } from "../../src/prefix/check.ts";
import { loadPrefixRules } from "../../src/prefix/load.ts";

interface Case {
  readonly rules: string | readonly string[];
  readonly argv: readonly string[];
  readonly resolve?: boolean;
  readonly result?: unknown;
  /** The file must be refused; where, when that is known. */
  readonly refused?: boolean;
  readonly line?: number;
}

function readCases(name: string): readonly Case[] {
  const text = readFileSync(new URL(`fixtures/${name}`, import.meta.url), "utf8");
  const groups = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Pick<Case, "rules"> & { readonly checks: readonly Omit<Case, "rules">[] });
  return groups.flatMap(({ rules, checks }) => checks.map((check) => ({ rules, ...check })));
}

function outcome({ rules, argv, resolve }: Case): { readonly result: unknown } | { readonly refused: number } {
  const files = [rules].flat().map((text, index) => ({ path: `${index}.rules`, text }));
  const loaded = loadPrefixRules(files, "/usr");
  if (!loaded.ok) return { refused: loaded.error.line };
  return { result: checkPrefixRules(argv, loaded.rules, { resolveHostExecutables: resolve === true, cwd: "/usr" }) };
}

test.each(["cases.jsonl", "corpus.jsonl"])("every pair of rules and command in %s gives the JSON recorded for it", (name) => {
  const different = readCases(name).filter((one) => {
    const found = outcome(one);
    if (one.refused !== true) return !("result" in found) || JSON.stringify(found.result) !== JSON.stringify(one.result);
    return !("refused" in found) || (one.line !== undefined && found.refused !== one.line);
  });

  expect(different).toEqual([]);
});

test("the corpus is as large as it is meant to be", () => {
  const corpus = readCases("corpus.jsonl");

  expect(corpus.length).toBeGreaterThan(2000);
  expect(corpus.filter(({ refused }) => refused === true).length).toBeGreaterThan(300);
});

const WORLD = {
  cwd: "/usr",
  readFile: async (path: string) =>
    path === "a.rules"
      ? { ok: true as const, text: 'prefix_rule(["git", "push"], "prompt", justification = "leaves the machine")\n' }
      : path === "bad.rules"
        ? { ok: true as const, text: 'x = 1\nprefix_rul(["git"])\n' }
        : { ok: false as const, message: "there is no such file" },
};

test("the command line prints the result on one line, or over several", async () => {
  expect(await runPrefixCheck(["-r", "a.rules", "git", "push", "--force"], WORLD)).toEqual({
    exitCode: 0,
    stdout:
      '{"matchedRules":[{"prefixRuleMatch":{"matchedPrefix":["git","push"],"decision":"prompt","justification":"leaves the machine"}}],"decision":"prompt"}\n',
    stderr: "",
  });
  expect(await runPrefixCheck(["--rules=a.rules", "--pretty", "--", "ls"], WORLD)).toEqual({
    exitCode: 0,
    stdout: '{\n  "matchedRules": []\n}\n',
    stderr: "",
  });
});

test("the command line says when a session would be stricter, and shows why", async () => {
  const plain = await runPrefixCheck(["-r", "a.rules", "--", "bash", "-lc", "ls && git push"], WORLD);
  expect(plain).toEqual({
    exitCode: 0,
    stdout: '{"matchedRules":[]}\n',
    stderr:
      "In a session this is `prompt` by a.rules:1: it looks into shells, programs that run others, and hosts. --as-session shows it.\n",
  });
  const session = await runPrefixCheck(["-r", "a.rules", "--as-session", "--", "bash", "-lc", "ls && git push"], WORLD);
  const rule = { path: "a.rules", line: 1, column: 1, decision: "prompt", justification: "leaves the machine" };
  const push = { command: ["git", "push"], decision: "prompt", rule };
  expect({ ...session, stdout: JSON.parse(session.stdout) }).toEqual({
    exitCode: 0,
    stdout: { decision: "prompt", decidedBy: push, parts: [{ command: ["ls"] }, push] },
    stderr: "",
  });
});

test("a program below `~` is one of the home folder, where there is one", async () => {
  const check = async (program: string, home?: string): Promise<string> => {
    const args = ["-r", "a.rules", "--resolve-host-executables", program, "push"];
    return (await runPrefixCheck(args, home === undefined ? WORLD : { ...WORLD, home })).stdout;
  };

  expect(await check("~/bin/git", "/home/$&")).toContain('"resolvedProgram":"/home/$&/bin/git"');
  expect(await check("~", "/home/git")).toContain('"resolvedProgram":"/home/git"');
  expect(await check("~me/git", "/home/me")).toContain('"resolvedProgram":"/usr/~me/git"');
  expect(await check("~/git")).toContain('"resolvedProgram":"/usr/~/git"');
});

test("a bad file is shown with its place and what was probably meant", async () => {
  expect(await runPrefixCheck(["-ra.rules", "-r", "bad.rules", "--", "git"], WORLD)).toEqual({
    exitCode: 1,
    stdout: "",
    stderr: [
      "bad.rules:2:1: nothing here is called `prefix_rul`",
      '  2 | prefix_rul(["git"])',
      "    | ^^^^^^^^^^",
      "  Did you mean `prefix_rule`?",
      "",
    ].join("\n"),
  });
  expect(await runPrefixCheck(["-r", "none.rules", "git"], WORLD)).toEqual({
    exitCode: 1,
    stdout: "",
    stderr: "the rules in none.rules cannot be read: there is no such file\n",
  });
});

test.each([
  [[], "At least one file of rules is wanted: --rules FILE."],
  [["git"], "At least one file of rules is wanted: --rules FILE."],
  [["--rules", "a.rules"], "A command to check is wanted."],
  [["--rules"], "--rules wants a file."],
  [["--rule", "a.rules"], "There is no option `--rule`. Did you mean `--rules`?"],
])("a wrong use is named: %j", async (args, message) => {
  const result = await runPrefixCheck(args, WORLD);

  expect(result.exitCode).toBe(2);
  expect(result.stderr.split("\n")[0]).toBe(message);
});
