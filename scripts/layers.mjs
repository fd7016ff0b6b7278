// @ts-check
// Turns layers.json into the linter's configuration, the picture in docs/architecture.md and the packages of the CI matrix.
// Usage: node scripts/layers.mjs [--check] [--root DIR]
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { generatedFiles } from "./layers/generated-files.mjs";

const { values } = parseArgs({ options: { check: { type: "boolean" }, root: { type: "string" } } });
const root = values.root ?? fileURLToPath(new URL("..", import.meta.url));
const stale = generatedFiles(root).filter(({ expected, found }) => expected !== found);

for (const { path, expected } of stale) {
  if (values.check) console.error(`${path} is stale: run "node scripts/layers.mjs"`);
  else {
    writeFileSync(join(root, path), expected);
    console.log(`${path} written`);
  }
}
if (values.check && stale.length > 0) process.exitCode = 1;
