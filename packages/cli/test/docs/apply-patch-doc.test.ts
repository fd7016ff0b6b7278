import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";

const BIN = fileURLToPath(new URL("../../bin/apply_patch.js", import.meta.url));
const doc = readFileSync(new URL("../../../../docs/apply-patch.md", import.meta.url), "utf8");
const blocks = (language: string): string[] =>
  [...doc.matchAll(new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``, "g"))].map(([, text]) => text ?? "");

function openFolder(): {
  readonly cwd: string;
  readonly run: (patch: string) => { readonly status: number | null; readonly output: string };
} {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "patch-doc-")));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const cwd = join(root, "work");
  mkdirSync(cwd);
  const env = { PATH: process.env["PATH"] ?? "", HOME: root };
  return {
    cwd,
    run: (input) => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [BIN], { cwd, env, input, encoding: "utf8" });
      return { status, output: `${stdout}${stderr}`.replaceAll(`${cwd}/`, "") };
    },
  };
}

test("every example does what the document shows", () => {
  const examples = blocks("example");
  expect(examples.length).toBeGreaterThan(2);
  for (const example of examples) {
    const [command = "", ...parts] = example.split(/^--- /m);
    const { cwd, run } = openFolder();
    const [ending = "", ...files] = parts.toReversed();
    for (const file of files) writeFileSync(join(cwd, file.split("\n")[0] ?? ""), file.slice(file.indexOf("\n") + 1));
    const { status, output } = run(command.replace("$ apply_patch\n", ""));
    expect(`exit ${String(status)}\n${output}`).toBe(ending);
  }
});

test("the patch that shows the language can be applied", () => {
  const [patch = ""] = blocks("patch");
  const { cwd, run } = openFolder();
  mkdirSync(join(cwd, "src"));
  writeFileSync(join(cwd, "src/greet.js"), 'export function greet(name) {\n  const title = titleOf(name);\n  return "Hi " + title;\n}\n');
  writeFileSync(join(cwd, "src/old.js"), "");
  expect(run(patch).status).toBe(0);
  expect([readdirSync(cwd), readdirSync(join(cwd, "src"))]).toEqual([["notes", "src"], ["greeting.js"]]);
});

test("the answer it shows is a submission", async () => {
  const { SUBMISSION } = await import("@codex/core");
  const [json = ""] = blocks("json");
  expect(SUBMISSION.safeParse(JSON.parse(json)).success).toBe(true);
});
