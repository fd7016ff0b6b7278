import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readLayerTable } from "../../layers/table.mjs";
import { REPOSITORY, writeInto } from "../temporary-tree.ts";
import { manifest, smallWorkspace } from "./small-workspace.ts";

function layers(...args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(REPOSITORY, "scripts/layers.mjs"), ...args], { encoding: "utf8" });
  return { status, output: stdout + stderr };
}

test("the check fails until the files are written, and again after one was edited", () => {
  const root = smallWorkspace();
  const stale = [".oxlintrc.json", "docs/architecture.md", ".github/workflows/ci.yml"];
  expect(layers("--check", "--root", root)).toEqual({
    status: 1,
    output: stale.map((path) => `${path} is stale: run "node scripts/layers.mjs"\n`).join(""),
  });
  expect(layers("--root", root).status).toBe(0);
  expect(layers("--check", "--root", root)).toEqual({ status: 0, output: "" });
  writeInto(root, ".oxlintrc.json", "{}\n");
  expect(layers("--check", "--root", root)).toEqual({ status: 1, output: '.oxlintrc.json is stale: run "node scripts/layers.mjs"\n' });
});

test("only packages and core folders that exist are drawn and built", () => {
  const root = smallWorkspace({ "packages/core/src/protocol/op.ts": "export {};\n" });
  layers("--root", root);
  expect(readFileSync(join(root, ".github/workflows/ci.yml"), "utf8")).toMatchInlineSnapshot(`
    "matrix:
            # layers:begin (generated)
            package:
              - "@codex/linux-sandbox"
              - "@codex/core"
              - "codex"
            # layers:end
    steps:
    "
  `);
  expect(readFileSync(join(root, "docs/architecture.md"), "utf8")).toMatchInlineSnapshot(`
    "before
    <!-- layers:begin (generated) -->

    \`\`\`text
    L4  codex                 ──► @codex/core, @codex/linux-sandbox
    L2  @codex/core           ──► @codex/linux-sandbox
    L0  @codex/linux-sandbox  (nothing of the workspace)
    \`\`\`

    Inside \`packages/core/src\` a row may import its own row and the rows below it:

    \`\`\`text
    7  index
    0  protocol
    \`\`\`

    <!-- layers:end -->
    after
    "
  `);
});

test("a file without the markers is named", () => {
  const root = smallWorkspace({ "docs/architecture.md": "no markers\n" });
  expect(layers("--check", "--root", root).output).toContain("docs/architecture.md: the markers");
});

test("a table that contradicts itself is refused", () => {
  const table = (packages: object) => smallWorkspace({ "layers.json": JSON.stringify({ packages, core: [["a"], ["a"]] }) });
  const entry = (folder: string, layer: number, imports: string[]) => ({ folder, layer, imports });
  const known = { "@codex/linux-sandbox": entry("linux-sandbox", 0, []), "@codex/core": entry("core", 2, []) };
  expect(() => readLayerTable(table({ ...known, codex: entry("cli", 2, ["@codex/core"]) }))).toThrow(
    "codex (layer 2) may not import @codex/core (layer 2)",
  );
  expect(() => readLayerTable(table({ ...known, codex: entry("cli", 4, ["@codex/x"]) }))).toThrow(
    "codex imports @codex/x, which is not in the table",
  );
  expect(() => readLayerTable(table(known))).toThrow("packages/cli is not in the table");
  expect(() => readLayerTable(table({ ...known, codex: entry("cli", 4, []) }))).toThrow("the core folder a is listed twice");
});

test("a package that is not in the table is refused", () => {
  const root = smallWorkspace({ "packages/stranger/package.json": manifest("@codex/stranger") });
  expect(() => readLayerTable(root)).toThrow("packages/stranger is not in the table; give it a layer");
});
