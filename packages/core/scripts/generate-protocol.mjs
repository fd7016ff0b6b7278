// Writes schema/protocol.schema.json from the built schemas. `--check` only compares.
import { readFile, writeFile } from "node:fs/promises";
import { protocolJsonSchema } from "../dist/schemas.js";

const file = new URL("../schema/protocol.schema.json", import.meta.url);
const content = `${JSON.stringify(protocolJsonSchema(), null, 2)}\n`;
const before = await readFile(file, "utf8").catch(() => "");
if (before !== content) {
  if (process.argv.includes("--check")) {
    console.error("schema/protocol.schema.json is stale; run `pnpm generate`");
    process.exitCode = 1;
  } else {
    await writeFile(file, content);
  }
}
