import { readFileSync } from "node:fs";
import { ERROR_CODES } from "@codex/core";
import { describe, expect, test } from "vitest";
import { EXEC_EVENT, EXEC_ITEM } from "../../src/exec/events.ts";
import { EXEC_OPTIONS } from "../../src/flags/commands.ts";

const text = readFileSync(new URL("../../../../docs/exec.md", import.meta.url), "utf8");

describe("docs/exec.md", () => {
  const lines = (/```json\n([^`]*)```/.exec(text)?.[1] ?? "").trim().split("\n");

  test("shows an example of every line and every item, each as the schema has it", () => {
    const events = lines.map((line) => EXEC_EVENT.parse(JSON.parse(line)));
    const kinds = (schema: { def: { options: readonly unknown[] } }): unknown[] =>
      schema.def.options.map(
        (option) => (option as { def: { shape: { type: { def: { values: unknown[] } } } } }).def.shape.type.def.values[0],
      );
    expect(new Set(events.map(({ type }) => type))).toEqual(new Set(kinds(EXEC_EVENT)));
    expect(new Set(events.flatMap((event) => ("item" in event ? [event.item.type] : [])))).toEqual(new Set(kinds(EXEC_ITEM)));
    // Parsing drops what the schema does not know, so a stale field shows here.
    expect(events).toEqual(lines.map((line) => JSON.parse(line) as unknown));
  });

  test("lists every error code with its meaning, and no other", () => {
    const section = text.slice(text.indexOf("## Error codes"));
    const rows = [...section.matchAll(/^\| `(\w+)` \| (.*) \|$/gm)].map(([, code, meaning]) => [code, meaning]);
    expect(Object.fromEntries(rows)).toEqual(ERROR_CODES);
  });

  test("names every option, and no other", () => {
    const section = text.slice(text.indexOf("## Options"), text.indexOf("## Output"));
    const named = [...section.matchAll(/^\| .*? \|/gm)].flatMap(([row]) => [...row.matchAll(/--([a-z-]+)/g)].map(([, name]) => name));
    expect(new Set(named)).toEqual(new Set(EXEC_OPTIONS.map(({ name }) => name)));
  });
});
