// Writes src/generated from the pinned schema package, or from the schema.json given as argument.
// Runs in the package's folder. Usage: generate [--check] [--out FOLDER] [SCHEMA.json]
//   --check  writes nothing; exits 1 and names what is stale
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { emitExports } from "./emit-exports.ts";
import { emitMethods } from "./emit-methods.ts";
import { emitTypes } from "./emit-types.ts";
import { emitValidators } from "./emit-validators.ts";
import { readDeclarations } from "./read-declarations.ts";
import { readJsonSchema } from "./read-json-schema.ts";

const HEADER = "// DO NOT EDIT: written by scripts/generate.ts from the schema of the Model Context Protocol.\n\n";

const USAGE = "usage: generate [--check] [--out FOLDER] [SCHEMA.json]\n";

process.exitCode = await main();

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ options: { check: { type: "boolean" }, out: { type: "string" } }, allowPositionals: true });
  if (positionals.length > 1) {
    process.stderr.write(USAGE);
    return 1;
  }
  const schema = positionals[0];
  const model = schema === undefined ? readDeclarations(await pinnedDeclarations()) : readJsonSchema(await readFile(schema, "utf8"));
  const folder = values.out ?? join("src", "generated");
  const files = { "types.ts": emitTypes(model), "validate.ts": emitValidators(model), "methods.ts": emitMethods(model) };
  const index = join(folder, "..", "index.ts");
  const stale: string[] = [];
  for (const [name, body] of Object.entries(files)) {
    if (!(await update(join(folder, name), HEADER + body, values.check === true))) stale.push(name);
  }
  if (values.out === undefined && !(await update(index, emitExports(model, await readFile(index, "utf8")), values.check === true)))
    stale.push("../index.ts");
  for (const name of stale) process.stderr.write(`${join(folder, name)} is stale; run \`pnpm generate\`\n`);
  return stale.length === 0 ? 0 : 1;
}

/** Whether the file holds `content` afterwards. */
async function update(file: string, content: string, check: boolean): Promise<boolean> {
  const before = await readFile(file, "utf8").catch(() => undefined);
  if (before === content) return true;
  if (check) return false;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
  return true;
}

/** The bundle lies below the package's node_modules and finds the schema from there. */
async function pinnedDeclarations(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve("@modelcontextprotocol/sdk/client");
  return readFile(join(entry.slice(0, entry.lastIndexOf("dist")), "dist", "esm", "spec.types.d.ts"), "utf8");
}
