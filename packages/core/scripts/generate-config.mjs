// Writes schema/config.schema.json and the key table of docs/config.md from the built schema. `--check` only compares.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { configJsonSchema, configKeyTable } from "../dist/schemas.js";

const schemaFile = new URL("../schema/config.schema.json", import.meta.url);
const docsFile = new URL("../../../docs/config.md", import.meta.url);
const check = process.argv.includes("--check");

const docs = await readFile(docsFile, "utf8");
await mkdir(new URL(".", schemaFile), { recursive: true });
await update(schemaFile, `${JSON.stringify(configJsonSchema(), null, 2)}\n`);
await update(
  docsFile,
  docs.replace(
    /(<!-- keys:begin \(generated\) -->\n)[^]*(<!-- keys:end -->)/,
    (_, begin, end) => `${begin}\n${configKeyTable()}\n\n${end}`,
  ),
);

async function update(file, content) {
  const before = await readFile(file, "utf8").catch(() => "");
  if (before === content) return;
  if (!check) return await writeFile(file, content);
  console.error(`${file.pathname} is stale; run \`pnpm generate\``);
  process.exitCode = 1;
}
