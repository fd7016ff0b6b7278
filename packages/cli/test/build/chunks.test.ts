import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const dist = new URL("../../dist/", import.meta.url);
const files = readdirSync(dist);

/** What a chunk imports when it is loaded, dynamic imports left out. */
function staticImports(file: string): string[] {
  return [...readFileSync(new URL(file, dist), "utf8").matchAll(/(?:^|[;\n])import\s*(?:[\w*{][^"();]*from\s*)?"([^"]+)"/g)].map(
    ([, path]) => (path ?? "").replace(/^\.\//, ""),
  );
}

/** The chunks that are loaded with the command called `name`, without what it loads later. */
function loadedWith(name: string): string[] {
  const loaded = new Set(["main.js", ...files.filter((file) => file.startsWith("run-") || file.startsWith(`${name}-`))]);
  for (const file of loaded) for (const path of staticImports(file)) loaded.add(path);
  return [...loaded];
}

test("--version loads one file", () => {
  expect(staticImports("main.js")).toEqual([]);
});

test.each(["exec", "proto"])("%s starts without the libraries that only a later step needs", (command) => {
  const loaded = loadedWith(command);
  expect(loaded.length).toBeGreaterThan(3);
  expect(loaded.flatMap(staticImports)).not.toContain("koffi");
  expect(
    loaded.filter((file) =>
      /^(openai|pino|cross-spawn|libesm|src|read-layer|cassette-host|help|completion|client|launcher|battery|syscalls|denial)-/.test(file),
    ),
  ).toEqual([]);
});

test("no chunk imports a module of Node's: it is taken without its facade; koffi alone is left outside", () => {
  const imported = files.filter((file) => file.endsWith(".js")).flatMap((file) => staticImports(file));
  // Native, so it stays a package of its own.
  expect([...new Set(imported.filter((path) => !files.includes(path)))]).toEqual(["koffi"]);
});
