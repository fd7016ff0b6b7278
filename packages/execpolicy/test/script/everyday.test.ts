import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { evaluateScript } from "../../src/index.ts";
import { judge, rulesOf } from "./scripts.ts";

const read = (name: string): string => readFileSync(new URL(`fixtures/${name}`, import.meta.url), "utf8");

test("everyday commands get the verdict that is wanted under an everyday rule file", () => {
  const rules = rulesOf(read("everyday.rules"));
  const cases = read("everyday.jsonl")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { readonly wanted: string; readonly script: string });

  const different = cases
    .map(({ wanted, script }) => ({ script, wanted, found: judge(script, rules).verdict }))
    .filter(({ wanted, found }) => wanted !== found);

  expect(different).toEqual([]);
  expect(cases.length).toBeGreaterThan(500);
});

const scripts = (name: string): readonly string[] =>
  read(name)
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as string);

test("however a script hides a command that a rule forbids, somebody is asked or it is forbidden", () => {
  const rules = rulesOf(read("everyday.rules"));
  const verdicts = scripts("hidden.jsonl").map((script) => ({ script, found: judge(script, rules).verdict }));

  expect(verdicts.filter(({ found }) => found !== "prompt" && found !== "forbidden")).toEqual([]);
  expect(verdicts.length).toBeGreaterThan(250);
});

test("what does more than rules and known commands allow is not allowed", () => {
  const prefix = rulesOf(read("everyday.rules"));
  const isHarmless = ([program]: readonly string[]): boolean => ["cat", "cd", "echo", "ls", "pwd", "true"].includes(program ?? "");
  const allowed = scripts("not-allowed.jsonl").filter(
    (script) => evaluateScript({ type: "script", script, shell: "bash" }, { prefix }, { cwd: "/p", isHarmless }).verdict === "allow",
  );

  expect(allowed).toEqual([]);
});
