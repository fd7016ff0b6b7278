import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { parse } from "smol-toml";
import { expect, test } from "vitest";
import { CONFIG_KEYS } from "../../src/config/key-table.ts";
import { configJsonSchema, configKeyTable, configTomlKeys } from "../../src/config/reference.ts";
import { fixture } from "./config-fixture.ts";

const PACKAGE = fileURLToPath(new URL("../../", import.meta.url));
const docs = await readFile(join(PACKAGE, "../../docs/config.md"), "utf8");
const examples = [...docs.matchAll(/^```toml\n([^]*?)^```$/gm)].map((match) => match[1] ?? "");

test("the key table and the schema name the same keys in the same number", () => {
  expect(CONFIG_KEYS.map(({ key }) => key).sort()).toEqual([...configTomlKeys()].sort());
});

test("docs/config.md holds the generated table of keys", () => {
  expect(docs).toContain(`<!-- keys:begin (generated) -->\n\n${configKeyTable()}\n\n<!-- keys:end -->`);
});

test("the shipped JSON Schema is the one of the code", async () => {
  expect(JSON.parse(await readFile(join(PACKAGE, "schema/config.schema.json"), "utf8"))).toEqual(configJsonSchema());
});

test("every example of docs/config.md loads in strict mode, and the JSON Schema accepts it", async () => {
  expect(examples.length).toBeGreaterThan(10);
  const accepts = new Ajv2020({ strict: false }).compile(configJsonSchema());
  for (const example of examples) {
    const { load } = await fixture({ ".codex/config.toml": example, ".codex/reviewer.md": "Review." });
    expect((await load({ strict: true })).warnings).toEqual([]);
    expect([accepts(JSON.parse(JSON.stringify(parse(example)))), accepts.errors]).toEqual([true, null]);
  }
  expect(accepts({ modle: "x" })).toBe(false);
});

test("every key stands in an example of docs/config.md", () => {
  const used = new Set(examples.flatMap((example) => usedKeys(parse(example), "")));
  expect(configTomlKeys().filter((key) => !used.has(key))).toEqual([]);
});

test("what holds without a key is what the key table says", async () => {
  const { load } = await fixture();
  const config = await load();
  const byKey = new Map(CONFIG_KEYS.map((row) => [row.key, row.default]));
  expect({
    model: byKey.get("model"),
    provider: byKey.get("model_provider"),
    approvalPolicy: byKey.get("approval_policy"),
    disableResponseStorage: byKey.get("disable_response_storage"),
    notify: byKey.get("notify"),
    projectDoc: {
      maxBytes: byKey.get("project_doc_max_bytes"),
      fallbackFilenames: byKey.get("project_doc_fallback_filenames"),
      rootMarkers: byKey.get("project_root_markers"),
    },
    reasoning: {
      effort: byKey.get("model_reasoning_effort"),
      summary: byKey.get("model_reasoning_summary"),
      hide: byKey.get("hide_agent_reasoning"),
    },
    shellEnvironment: {
      inherit: byKey.get("shell_environment_policy.inherit"),
      ignoreDefaultExcludes: byKey.get("shell_environment_policy.ignore_default_excludes"),
      exclude: byKey.get("shell_environment_policy.exclude"),
      set: byKey.get("shell_environment_policy.set"),
      includeOnly: byKey.get("shell_environment_policy.include_only"),
    },
    toolOutputTokenLimit: byKey.get("tool_output_token_limit"),
  }).toEqual({
    model: config.model,
    provider: config.provider.id,
    approvalPolicy: config.approvalPolicy,
    disableResponseStorage: config.disableResponseStorage,
    notify: config.notify,
    projectDoc: config.projectDoc,
    reasoning: config.reasoning,
    shellEnvironment: config.shellEnvironment,
    toolOutputTokenLimit: config.toolOutputTokenLimit,
  });
});

test("neither the TOML parser nor the schema is loaded before there is something to read", async () => {
  const loaded = await staticImports(join(PACKAGE, "src/config/load.ts"));
  expect([...loaded].filter((name) => !name.startsWith("/")).sort()).toEqual(["@codex/linux-sandbox", "node:path"]);
});

function usedKeys(table: object, prefix: string): readonly string[] {
  return Object.entries(table).flatMap(([name, value]) => {
    const key = `${prefix}${/^(?:model_providers|profiles|projects|mcp_servers|mcp_servers\.<id>\.tools)\.$/.test(prefix) ? "<id>" : name}`;
    return typeof value === "object" && value !== null && !Array.isArray(value) ? [key, ...usedKeys(value as object, `${key}.`)] : [key];
  });
}

/** Everything a module loads at once, types and dynamic imports aside: files by path, packages by name. */
async function staticImports(file: string, seen = new Set<string>()): Promise<ReadonlySet<string>> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const source = await readFile(file, "utf8");
  for (const [, names = "", name = ""] of source.matchAll(/^(?:import|export) (?:(\{[^}]*\}|\*[^;{]*?) from )?"([^"]+)";$/gm)) {
    const typesOnly =
      names.startsWith("{") &&
      names
        .slice(1, -1)
        .split(",")
        .every((part) => part.trim() === "" || part.trim().startsWith("type "));
    if (typesOnly) continue;
    if (name.startsWith(".")) await staticImports(join(dirname(file), name), seen);
    else seen.add(name);
  }
  return seen;
}
