import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { lintConfig } from "../../layers/lint-config.mjs";
import { readLayerTable } from "../../layers/table.mjs";
import { REPOSITORY, writeInto } from "../temporary-tree.ts";
import { smallWorkspace } from "./small-workspace.ts";

/** Rule and line of everything the linter says about one file planted in a small workspace. */
function lint(path: string, lines: readonly string[], others: Readonly<Record<string, string>> = {}): string[] {
  const root = smallWorkspace({ ...others, [path]: `${lines.join("\n")}\n` });
  writeInto(root, ".oxlintrc.json", JSON.stringify(lintConfig(readLayerTable(root))));
  const linter = join(REPOSITORY, "node_modules/oxlint/bin/oxlint");
  const { stdout, stderr } = spawnSync(process.execPath, [linter, "--format=json", path], { cwd: root, encoding: "utf8" });
  if (!stdout.startsWith("{")) throw new Error(`oxlint: ${stdout}${stderr}`);
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string; labels: { span: { line: number } }[] }[] };
  return diagnostics.map(({ code, labels }) => `${String(labels[0]?.span.line)} ${code.replace(/^.*\((.*)\)$/, "$1")}`).sort();
}

const IMPORTS = "no-restricted-imports";

describe("an upward import is refused", () => {
  test("between packages, for values, types, re-exports and dynamic imports", () => {
    const found = lint("packages/linux-sandbox/src/bad.ts", [
      'import { run } from "@codex/core";',
      'import type { Codex } from "@codex/core";',
      'export { main } from "codex";',
      'export const later = () => import("@codex/tui/state");',
      "export const used: Codex | undefined = run;",
    ]);
    expect(found).toEqual([`1 ${IMPORTS}`, `2 ${IMPORTS}`, `3 ${IMPORTS}`, `4 ${IMPORTS}`]);
  });

  test("and what the table allows is not", () => {
    const lines = [
      'import { run } from "@codex/core";',
      'import { policy } from "@codex/linux-sandbox";',
      "export const used = [run, policy];",
    ];
    expect(lint("packages/cli/src/good.ts", lines)).toEqual([]);
  });

  test("in a test of the package too", () => {
    expect(lint("packages/linux-sandbox/test/bad.test.ts", ['export { run } from "@codex/core";'])).toEqual([`1 ${IMPORTS}`]);
  });

  test("between the rows of core, from a folder inside a folder and by a dynamic import as well", () => {
    const found = lint("packages/core/src/model/wire/bad.ts", [
      'import type { Turn } from "../../turn/run-turn.ts";',
      'export { open } from "../../session/session.ts";',
      'export const later = () => import("../../node/clock.ts");',
      'export { everything } from "../../index.ts";',
      'export { level } from "../../config/config.ts";',
      'export { id } from "../../protocol/ids.ts";',
      "export type Used = Turn;",
    ]);
    expect(found).toEqual([`1 ${IMPORTS}`, `2 ${IMPORTS}`, `3 ${IMPORTS}`, `4 ${IMPORTS}`]);
  });

  test("from a file that may touch the world", () => {
    expect(
      lint("packages/core/src/node/bad.ts", ['export { run } from "../library/run.ts";', 'export { tui } from "@codex/tui";']),
    ).toEqual([`1 ${IMPORTS}`, `2 ${IMPORTS}`]);
  });
});

test("another package's files are not reached by path, nor by a path behind its name", () => {
  const found = lint("packages/core/src/tools/bad.ts", [
    'export { policy } from "../../../linux-sandbox/src/policy.ts";',
    'export { plan } from "@codex/linux-sandbox/src/plan.ts";',
  ]);
  expect(found).toEqual([`1 ${IMPORTS}`, `2 ${IMPORTS}`]);
});

test("two files that import each other are refused", () => {
  const other = { "packages/core/src/turn/b.ts": 'import { a } from "./a.ts";\nexport const b = () => a;\n' };
  expect(lint("packages/core/src/turn/a.ts", ['import { b } from "./b.ts";', "export const a = () => b;"], other)).toEqual(["1 no-cycle"]);
});

describe("the ambient world", () => {
  const ambient = [
    'import { readFile } from "node:fs/promises";',
    'import { spawn } from "child_process";',
    'import { randomUUID, createHash } from "node:crypto";',
    'import type { IncomingMessage } from "node:http";',
    "export const home = process.env;",
    "export const now = Date.now();",
    "export const dice = Math.random();",
    "export const later = () => setTimeout(() => undefined, 1);",
    "export const sneaky = globalThis.setTimeout;",
    "export const limit = () => AbortSignal.timeout(1);",
    "export const used = [readFile, spawn, randomUUID, createHash];",
    "export type Used = IncomingMessage;",
  ];

  test("is out of reach in the library, where types of it are harmless", () => {
    expect(lint("packages/core/src/exec/bad.ts", ambient)).toEqual(
      [
        `1 ${IMPORTS}`,
        "10 no-restricted-properties",
        `2 ${IMPORTS}`,
        "2 prefer-node-protocol",
        `3 ${IMPORTS}`,
        "5 no-process-env",
        "5 no-restricted-globals",
        "6 no-restricted-properties",
        "7 no-restricted-properties",
        "8 no-restricted-globals",
        "9 no-restricted-properties",
      ].sort(),
    );
  });

  test.each([
    "packages/core/src/node/fine.ts",
    "packages/core/src/testing/fine.ts",
    "packages/cli/src/fine.ts",
    "packages/core/test/fine.ts",
  ])("belongs to %s", (path) => {
    expect(lint(path, ambient)).toEqual(["2 prefer-node-protocol"]);
  });

  test("printing is for programs", () => {
    expect(lint("packages/core/src/exec/bad.ts", ['console.log("x");'])).toEqual(["1 no-console"]);
    expect(lint("packages/cli/src/fine.ts", ['console.log("x");'])).toEqual([]);
  });
});

test("zod is imported in its small form", () => {
  expect(
    lint("packages/core/src/config/bad.ts", ['import * as z from "zod";', 'import * as m from "zod/mini";', "export const used = [z, m];"]),
  ).toEqual([`1 ${IMPORTS}`]);
});

test("sizes, default exports and file names are held", () => {
  const long = Array.from({ length: 401 }, (_, index) => `export const n${index} = ${index};`);
  expect(lint("packages/core/src/exec/TooLong.ts", [...long, "export default 1;"])).toEqual(
    ["1 filename-case", "402 no-default-export", "402 max-lines"].sort(),
  );
  expect(
    lint("packages/core/src/exec/params.ts", ["export const f = (a: number, b: number, c: number, d: number) => a + b + c + d;"]),
  ).toEqual(["1 max-params"]);
});

test("the type-aware rules are on", () => {
  const { rules } = lintConfig(readLayerTable(REPOSITORY));
  const names = [
    "no-floating-promises",
    "no-misused-promises",
    "await-thenable",
    "return-await",
    "only-throw-error",
    "switch-exhaustiveness-check",
  ];
  expect(names.filter((name) => !(`typescript/${name}` in rules))).toEqual([]);
  expect(readFileSync(join(REPOSITORY, "package.json"), "utf8")).toContain("oxlint --type-aware --deny-warnings");
});
