import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig, type Options } from "tsup";

const { version } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8")) as { version: string };

type Plugin = NonNullable<Options["esbuildPlugins"]>[number];

/** Whose view of an index is narrowed: ours, that of the front ends that are packages, and core's. */
const NARROWED = ["src/", "../mcp-server/src/", "../core/src/"].map((folder) => fileURLToPath(new URL(folder, import.meta.url)));

/**
 * Shows each file only those lines of a workspace package's index that it uses. esbuild counts everything that an index
 * mentions as reachable from whoever imports it, so that code of a lazy chunk would end up in what is loaded at the start.
 */
const narrowIndex: Plugin = {
  name: "narrow-index",
  setup(build) {
    build.onResolve({ filter: /^@codex\/[a-z-]+$/ }, ({ path, importer, kind }) => {
      const index = fileURLToPath(new URL(`../${path.slice("@codex/".length)}/src/index.ts`, import.meta.url));
      // pluginData tells the loader which names to leave.
      // What is imported at run time is taken apart by whoever asked for it.
      if (kind === "dynamic-import" || !NARROWED.some((folder) => importer.startsWith(folder))) return { path: index, sideEffects: false };
      return {
        path: index,
        suffix: `?for=${encodeURIComponent(importer)}`,
        sideEffects: false,
        pluginData: { names: importedNames(importer, path) },
      };
    });
    build.onLoad({ filter: /src[\\/]index\.ts$/ }, ({ path, pluginData }) => {
      const names = (pluginData as { names?: ReadonlySet<string> } | undefined)?.names;
      return names === undefined
        ? undefined
        : { contents: narrowed(readFileSync(path, "utf8"), names), loader: "ts", resolveDir: dirname(path) };
    });
  },
};

const PACKAGES = fileURLToPath(new URL("..", import.meta.url));

function isOurs(file: string): boolean {
  return file.startsWith(PACKAGES) && !file.includes("node_modules");
}

function builtinNames(file: string, specifier: string): string[] {
  return [...importedNames(file, specifier)].map((name) => name.replace(/ as .*$/, ""));
}

/** The names that `file` takes from `specifier`, import and re-export alike. */
function importedNames(file: string, specifier: string): ReadonlySet<string> {
  const clauses = readFileSync(file, "utf8").matchAll(/^(?:import|export) (?!type )\{([^}]*)\} from "([^"]+)";$/gm);
  return new Set([...clauses].flatMap(([, names, from]) => (from === specifier ? valueNames(names ?? "") : [])));
}

function narrowed(index: string, wanted: ReadonlySet<string>): string {
  const lines = [...index.matchAll(/^export \{([^}]*)\} from "([^"]+)";$/gm)].map(([, names, from]) => {
    const kept = valueNames(names ?? "").filter((name) => wanted.has(name));
    return kept.length === 0 ? "" : `export { ${kept.join(", ")} } from "${from ?? ""}";\n`;
  });
  return lines.join("");
}

function valueNames(clause: string): string[] {
  const names = clause
    .replace(/\/\/.*$/gm, "")
    .split(",")
    .map((name) => name.trim());
  return names.filter((name) => name !== "" && !name.startsWith("type "));
}

/**
 * Takes Node's modules from process.getBuiltinModule instead of importing them. An import makes Node read every export once,
 * which loads what only a few of them need: streams for node:fs, WebCrypto for node:crypto, about 10 ms in all. A file of the workspace
 * takes just the names it imports, so that no chunk holds a builtin alone.
 */
const builtinsWithoutFacade: Plugin = {
  name: "builtins-without-facade",
  setup(build) {
    build.onResolve({ filter: /^[a-z]/ }, ({ path, kind, importer }) => {
      if (!isBuiltin(path)) return undefined;
      // Imported at run time it stays an import: as a CommonJS module of the bundle it would have a default export only.
      if (kind === "dynamic-import") return { path: path.startsWith("node:") ? path : `node:${path}`, external: true };
      if (kind !== "import-statement") return undefined;
      const builtin = { path: path.replace(/^node:/, ""), namespace: "builtin" };
      const names = isOurs(importer) ? builtinNames(importer, path) : [];
      // A library, or a file that takes the module as a whole.
      if (names.length === 0) return builtin;
      return { ...builtin, suffix: `?for=${encodeURIComponent(importer)}`, sideEffects: false, pluginData: { names } };
    });
    build.onLoad({ filter: /.*/, namespace: "builtin" }, ({ path, pluginData }) => {
      const names = (pluginData as { names?: readonly string[] } | undefined)?.names;
      const builtin = `process.getBuiltinModule(${JSON.stringify(path)})`;
      return { contents: names === undefined ? `module.exports = ${builtin};` : `export const { ${names.join(", ")} } = ${builtin};` };
    });
  },
};

/** What the sandbox starts as a process or a thread, beside the chunks that start it. */
const SANDBOX_PROGRAMS = Object.fromEntries(
  ["exec-host", "worker", "launcher-main", "self-test", "attempts"].map((name) => [name, `../linux-sandbox/src/${name}.ts`]),
);

/**
 * The command line as a few minified chunks with everything inlined: the workspace from its sources, so that what a command
 * does not use is left out, and the libraries. Each command is loaded by itself.
 */
export default defineConfig({
  entry: { main: "src/main.ts", "apply-patch": "src/apply-patch.ts", ...SANDBOX_PROGRAMS },
  format: ["esm"],
  target: "node20",
  platform: "node",
  dts: false,
  clean: true,
  silent: true,
  splitting: true,
  minify: true,
  sourcemap: false,
  // Native, and chosen for the machine when it is installed.
  external: ["koffi"],
  noExternal: [/^(?!koffi$)/],
  // It would resolve them before builtinsWithoutFacade can.
  removeNodeProtocol: false,
  define: { CODEX_VERSION: JSON.stringify(version) },
  // CommonJS libraries ask for Node's modules with require; everything else is inlined.
  banner: { js: "const require=process.getBuiltinModule;" },
  esbuildPlugins: [narrowIndex, builtinsWithoutFacade],
  esbuildOptions(options) {
    options.conditions = ["@codex/source"];
    options.legalComments = "none";
  },
});
