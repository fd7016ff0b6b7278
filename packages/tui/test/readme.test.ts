import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

test("the README's example prints what its comments say", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const folder = mkdtempSync(join(tmpdir(), "tui-readme-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const code = /```js example\.mjs\n(.*?)```/su.exec(readme)?.[1] ?? "";
  const built = (path: string): string => JSON.stringify(new URL(`../dist/${path}`, import.meta.url).href);
  const linked = code.replace('"@codex/tui"', built("index.js")).replace('"@codex/tui/testing"', built("testing/index.js"));
  writeFileSync(join(folder, "example.mjs"), linked);

  const printed = execFileSync(process.execPath, ["example.mjs"], { cwd: folder, encoding: "utf8" });

  const promised = [...code.matchAll(/^\/\/ (.*)$/gmu)].map(([, line]) => line);
  expect(promised.length).toBeGreaterThan(0);
  expect(printed.trimEnd().split("\n")).toEqual(promised);
});
