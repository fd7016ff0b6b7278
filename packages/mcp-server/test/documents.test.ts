import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { TOOLS } from "../src/generated/tools.ts";
import { SERVER_FLAGS } from "../src/server-flags.ts";
import { BIN } from "./support/server-process.ts";

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");

test.skipIf(process.platform === "win32")("the README's example prints what its comments say", () => {
  const code = /```js host\.mjs\n(.*?)```/su.exec(read("../README.md"))?.[1] ?? "";
  const folder = mkdtempSync(join(tmpdir(), "mcp-server-readme-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  symlinkSync(BIN, join(folder, "codex-mcp-server"));
  writeFileSync(join(folder, "host.mjs"), code);
  const env = { ...process.env, PATH: `${folder}${delimiter}${process.env["PATH"] ?? ""}` };
  const printed = execFileSync(process.execPath, ["host.mjs"], { cwd: folder, encoding: "utf8", env });
  const promised = [...code.matchAll(/^ *\/\/ (.*)$/gmu)].map(([, line]) => line);
  expect(promised).toHaveLength(2);
  expect(printed.trimEnd().split("\n")).toEqual(promised);
});

test("docs/mcp-server.md has every argument of codex with its words, every tool, and every limit's option", () => {
  const text = read("../../../docs/mcp-server.md");
  const [codex] = TOOLS;
  const rows = [...text.matchAll(/^\| `([a-z-]+)` \| ([^|]*) \|/gmu)].map(([, name, words = ""]) => [
    name,
    [...words.matchAll(/`([^`]+)`/gu)].map(([, word]) => word),
  ]);
  const properties = Object.entries(codex?.inputSchema.properties ?? {}).map(([name, property]) => {
    const { enum: words, items } = property as { enum?: string[]; items?: { enum?: string[] } };
    return [name, words ?? items?.enum ?? []];
  });
  expect(rows).toEqual(properties);
  for (const { name } of TOOLS) expect(text).toContain(`**\`${name}\`**`);
  for (const { name, placeholder } of SERVER_FLAGS.filter((flag) => "placeholder" in flag)) {
    if (placeholder === "SECONDS" || placeholder === "N") expect(text).toContain(`\`--${name}\``);
  }
});
