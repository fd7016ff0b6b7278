import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as library from "../src/index.ts";

test("the README's example prints what its comments say", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const example = /```js\n(.*?)```/su.exec(readme)?.[1] ?? "";
  const code = example.replace(/^import .*$/mu, "");
  const printed: string[] = [];

  new Function(...Object.keys(library), "console", code)(...Object.values(library), { log: (value: unknown) => printed.push(JSON.stringify(value)) });

  expect(printed.length).toBeGreaterThan(0);
  expect(printed).toEqual([...example.matchAll(/^\/\/ (.*)$/gmu)].map(([, line]) => line));
});
