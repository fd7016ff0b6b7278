import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { layerFaults } from "../../layers/layer-faults.mjs";
import { sourceImports } from "../../layers/source-imports.mjs";
import { REPOSITORY } from "../temporary-tree.ts";
import { manifest, smallWorkspace } from "./small-workspace.ts";

test("a workspace that keeps to the table has no faults", () => {
  const root = smallWorkspace({
    "packages/core/src/tools/fine.ts":
      'import { diffLines } from "diff";\nimport type { P } from "@codex/linux-sandbox";\nimport { join } from "node:path";\n',
    "packages/cli/src/fine.ts": 'import { version } from "../package.json" with { type: "json" };\nimport { x } from "./main.ts";\n',
  });
  expect(layerFaults(root)).toEqual([]);
});

test("a neighbour above is not even declared, for development neither", () => {
  const root = smallWorkspace({
    "packages/linux-sandbox/package.json": manifest("@codex/linux-sandbox", { "@codex/core": "workspace:*" }),
    "packages/core/package.json": JSON.stringify({ name: "@codex/core", devDependencies: { codex: "workspace:*" } }),
  });
  expect(layerFaults(root)).toEqual([
    "packages/linux-sandbox/package.json: declares @codex/core, which its layer may not import",
    "packages/core/package.json: declares codex, which its layer may not import",
  ]);
});

test("imports that the compiler or the linter may miss are found with their line", () => {
  const root = smallWorkspace({
    "packages/core/src/model/bad.ts": [
      'export type Turn = import("../turn/run-turn.ts").Turn;',
      'import { readFileSync } from "fs";',
      "import {",
      "  publint,",
      '} from "publint";',
      'export * from "../../test/model/script.ts";',
      'const seen = await import("vitest");',
      "",
    ].join("\n"),
    "packages/core/src/stray/bad.ts": "export {};\n",
    "packages/linux-sandbox/src/bad.ts": 'import type { Codex } from "@codex/core/testing";\n',
  });
  expect(layerFaults(root)).toEqual([
    "packages/linux-sandbox/src/bad.ts:1: @codex/linux-sandbox may not import @codex/core",
    "packages/core/src/model/bad.ts:1: core/src/model (row 1) may not import turn (row 3)",
    'packages/core/src/model/bad.ts:2: "fs" is written "node:fs"',
    'packages/core/src/model/bad.ts:3: "publint" is not declared in packages/core/package.json',
    'packages/core/src/model/bad.ts:6: "../../test/model/script.ts" leaves the sources of @codex/core',
    'packages/core/src/model/bad.ts:7: "vitest" is not declared in packages/core/package.json',
    'packages/core/src/stray/bad.ts: belongs to no row of "core" in layers.json',
  ]);
});

test("the command prints the faults and exits 1", () => {
  const root = smallWorkspace({ "packages/cli/src/bad.ts": 'import "left-pad";\n' });
  const { status, stderr } = spawnSync(process.execPath, [join(REPOSITORY, "scripts/check-layers.mjs"), "--root", root], {
    encoding: "utf8",
  });
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: 'packages/cli/src/bad.ts:1: "left-pad" is not declared in packages/cli/package.json\n',
  });
});

test("comments, strings and code that only looks like an import name nothing", () => {
  const source = [
    '// import { a } from "a";',
    "/** Use it so:",
    ' * import { b } from "b";',
    " */",
    'export const text = "from";',
    'export function important(): string { return "c"; }',
    'export const importer = { from: "d" };',
    'import e, { type E } from "e";',
    'import "f";',
  ].join("\n");
  expect(sourceImports(source).map(({ specifier, line }) => `${line} ${specifier}`)).toEqual(["8 e", "9 f"]);
});
