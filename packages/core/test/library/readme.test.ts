import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";

const PACKAGE = fileURLToPath(new URL("../..", import.meta.url));

/** Each example of the README, as a program beside an installed package. */
async function runExample(code: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "readme-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, "node_modules/@codex"), { recursive: true });
  await symlink(PACKAGE, join(folder, "node_modules/@codex/core"), "junction");
  await writeFile(join(folder, "example.mjs"), code);
  const env = { PATH: process.env["PATH"], HOME: folder, OPENAI_API_KEY: "test-key" };
  const { stdout } = await promisify(execFile)(process.execPath, ["example.mjs"], { cwd: folder, env });
  return stdout;
}

test("the README's examples run and print what they promise", async () => {
  const readme = await readFile(join(PACKAGE, "README.md"), "utf8");
  const examples = [...readme.matchAll(/```js\n([^]*?)```/g)].map((match) => match[1] ?? "");
  const outputs = await Promise.all(examples.map(runExample));
  expect(outputs).toEqual([expect.stringMatching(/^It prints a greeting\. \d+\n$/), "Four.\n", "tool_call_end agent_message\n"]);
});
