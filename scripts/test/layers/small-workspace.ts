import { readFileSync } from "node:fs";
import { join } from "node:path";
import { REPOSITORY, temporaryTree } from "../temporary-tree.ts";

const table = readFileSync(join(REPOSITORY, "layers.json"), "utf8");

/** A tree with the layer table of this repository, some packages of it, and `files`. */
export function smallWorkspace(files: Readonly<Record<string, string>> = {}): string {
  return temporaryTree({
    "layers.json": table,
    "docs/architecture.md": "before\n<!-- layers:begin (generated) -->\n<!-- layers:end -->\nafter\n",
    ".github/workflows/ci.yml": "matrix:\n        # layers:begin (generated)\n        # layers:end\nsteps:\n",
    "packages/linux-sandbox/package.json": manifest("@codex/linux-sandbox"),
    "packages/linux-sandbox/src/index.ts": "export {};\n",
    "packages/core/package.json": manifest("@codex/core", { "@codex/linux-sandbox": "workspace:*", diff: "catalog:" }),
    "packages/core/src/index.ts": "export {};\n",
    "packages/cli/package.json": manifest("codex", { "@codex/core": "workspace:*" }),
    "packages/cli/src/main.ts": "export {};\n",
    ...files,
  });
}

export function manifest(name: string, dependencies: Readonly<Record<string, string>> = {}): string {
  return JSON.stringify({ name, dependencies });
}
