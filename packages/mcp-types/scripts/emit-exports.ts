import type { SchemaModel } from "./schema-model.ts";

/** Names that would hide a global one where they are imported. */
const RENAMED: Readonly<Record<string, string>> = { Error: "JSONRPCErrorBody" };

const BLOCK = /(\/\/ begin \(generated\)\n)[^]*(\/\/ end\n)/;

/** The package's entry with the public names of the definitions between its markers. */
export function emitExports(model: SchemaModel, entry: string): string {
  const names = [...model.keys()];
  const types = names.map((name) => (name in RENAMED ? `${name} as ${RENAMED[name] ?? ""}` : name));
  const block = `${exported("type ", types, "types")}${exported(
    "",
    names.map((name) => `check${name}`),
    "validate",
  )}`;
  return entry.replace(BLOCK, (_, begin: string, end: string) => begin + block + end);
}

function exported(kind: string, names: readonly string[], file: string): string {
  return `export ${kind}{\n${names.map((name) => `  ${name},\n`).join("")}} from "./generated/${file}.ts";\n`;
}
