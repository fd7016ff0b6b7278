import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
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
