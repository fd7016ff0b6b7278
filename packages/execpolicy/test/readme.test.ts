import { readFileSync } from "node:fs";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import * as library from "../src/index.ts";

test("the README's example prints what its comments say", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const example = /```js\n(.*?)```/su.exec(readme)?.[1] ?? "";
  const printed: string[] = [];

  runInNewContext(example.replace(/^import .*$/mu, ""), {
    ...library,
    console: { log: (...values: readonly unknown[]) => printed.push(values.map((value) => JSON.stringify(value)).join(" ")) },
  });

  expect(printed.length).toBeGreaterThan(0);
  expect(printed).toEqual([...example.matchAll(/^\/\/ (.*)$/gmu)].map(([, line]) => line));
});
