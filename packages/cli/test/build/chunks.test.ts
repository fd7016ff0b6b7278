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
  const [, run = ""] = /import\("\.\/(run-[^"]+)"\)/.exec(readFileSync(new URL("main.js", dist), "utf8")) ?? [];
  const loaded = new Set(["main.js", run, ...files.filter((file) => file.startsWith(`${name}-`))]);
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

test("the interface's first frame waits for few files, and for nothing of the agent's", () => {
  const loaded = loadedWith("tui");
  const bytes = loaded.reduce((sum, file) => sum + readFileSync(new URL(file, dist)).length, 0);
  expect(loaded.flatMap(staticImports)).not.toContain("koffi");
  expect({ files: loaded.length <= 14, bytes: bytes <= 250_000 }, `${String(loaded.length)} files, ${String(bytes)} bytes`).toEqual({
    files: true,
    bytes: true,
  });
  // Making a segmenter reads ICU's tables, which takes longer than the frame; blessed comes after it.
  const [main = ""] = loaded.filter((file) => file.startsWith("tui-"));
  expect(readFileSync(new URL(main, dist), "utf8")).not.toContain("Intl.");
});

test("no chunk imports a module of Node's: it is taken without its facade; koffi alone is left outside", () => {
  const imported = files.filter((file) => file.endsWith(".js")).flatMap((file) => staticImports(file));
  // Native, so it stays a package of its own.
  expect([...new Set(imported.filter((path) => !files.includes(path)))]).toEqual(["koffi"]);
});
