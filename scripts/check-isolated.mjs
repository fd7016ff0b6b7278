// @ts-check
// Proves that no package relies on what it does not declare: each is built alone, packed, installed alone, imported and run.
// Usage: node scripts/check-isolated.mjs [--only NAME]... [--root DIR]
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { checkPackage } from "./isolated/check-package.mjs";
import { findPnpm } from "./isolated/pnpm.mjs";
import { workspacePackages } from "./isolated/workspace-packages.mjs";

const { values } = parseArgs({ options: { only: { type: "string", multiple: true }, root: { type: "string" } } });
const root = values.root ?? fileURLToPath(new URL("..", import.meta.url)).replace(/[\\/]$/, "");
const all = workspacePackages(root);
const only = values.only ?? [];
const unknown = only.filter((name) => !all.some((pkg) => pkg.name === name));
if (unknown.length > 0) {
  console.error(`no package is named ${unknown.join(", ")}; there are ${all.map((pkg) => pkg.name).join(", ")}`);
  process.exit(2);
}

const pnpm = await findPnpm();
let failed = 0;
const chosen = all.filter((pkg) => only.length === 0 || only.includes(pkg.name));
for (const pkg of chosen) {
  const { ok, summary, output } = await checkPackage(pkg, all, { root, pnpm });
  console.log(`${ok ? "ok  " : "FAIL"} ${pkg.name}: ${summary}`);
  if (!ok) {
    failed += 1;
    console.log(output.replace(/^/gm, "     | "));
  }
}
console.log(`${chosen.length - failed} passed, ${failed} failed`);
if (failed > 0) process.exitCode = 1;
