import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

test("the README's example prints what its comments say", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const folder = mkdtempSync(join(tmpdir(), "mcp-readme-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const files = new Map([...readme.matchAll(/```js (\S+)\n(.*?)```/gsu)].map(([, name = "", code = ""]) => [name, code]));
  const library = new URL("../dist/index.js", import.meta.url).href;
  for (const [name, code] of files) writeFileSync(join(folder, name), code.replace('"@codex/mcp-client"', JSON.stringify(library)));

  const printed = execFileSync(process.execPath, ["client.mjs"], { cwd: folder, encoding: "utf8" });

  const promised = [...(files.get("client.mjs") ?? "").matchAll(/^ *\/\/ (.*)$/gmu)].map(([, line]) => line);
  expect(promised.length).toBeGreaterThan(0);
  expect(printed.trimEnd().split("\n")).toEqual(promised);
});
