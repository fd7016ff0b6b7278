// @ts-check
import { existsSync, mkdirSync, readFileSync, readdirSync, realpathSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sourceImports } from "../layers/source-imports.mjs";
import { lockedVersions } from "./locked-versions.mjs";
import { runCommand } from "./run-command.mjs";
import { readManifest } from "./workspace-packages.mjs";

/** @import { PackageManifest, WorkspacePackage } from "./workspace-packages.mjs" */
/** @import { IsolatedContext } from "./build-alone.mjs" */

/** The shared toolchain: the compiler and Node's types. */
const TOOLCHAIN = fileURLToPath(new URL("../../node_modules", import.meta.url));

/** @typedef {{ ok: true, ms: number, imported: number, bins: number } | { ok: false, step: string, output: string }} AloneRun */
/** @typedef {{ home: string, env: NodeJS.ProcessEnv, manifest: PackageManifest, installed: string }} Installed */

/**
 * Installs a packed package into an empty folder with nothing hoisted, imports every entry it exports, type-checks a consumer of them
 * and starts every bin.
 * @param {WorkspacePackage} pkg
 * @param {ReadonlyMap<string, string>} tarballs The packed package and its neighbours, by name.
 * @param {IsolatedContext} context
 * @returns {Promise<AloneRun>}
 */
export async function runAlone(pkg, tarballs, { root, work, pnpm, env }) {
  const start = Date.now();
  const home = join(work, "alone");
  mkdirSync(home);
  writeProject(home, { pkg, tarballs, versions: lockedVersions(root) });
  const install = await runCommand([...pnpm, "install", "--prefer-offline", "--no-frozen-lockfile", "--ignore-scripts"], {
    cwd: home,
    env,
  });
  if (install.code !== 0) return { ok: false, step: "install alone", output: install.output };
  const installed = join(home, "node_modules", ...pkg.name.split("/"));
  const project = { home, env, manifest: readManifest(installed), installed };
  const entries = exportedEntries(project);
  const modules = entries.filter((entry) => !entry.endsWith(".json"));
  const fault =
    (await importFault(entries, project)) ??
    unresolvedFault(modules, project) ??
    (await typesFault(modules, project)) ??
    (await binsFault(project));
  return fault ?? { ok: true, ms: Date.now() - start, imported: entries.length, bins: binNames(project.manifest).length };
}

/**
 * @param {string} home
 * @param {{ pkg: WorkspacePackage, tarballs: ReadonlyMap<string, string>, versions: Record<string, string> }} what
 */
function writeProject(home, { pkg, tarballs, versions }) {
  const siblings = Object.fromEntries([...tarballs].map(([name, file]) => [name, `file:${file}`]));
  const manifest = { name: "alone", private: true, type: "module", dependencies: { [pkg.name]: siblings[pkg.name] } };
  const settings = {
    nodeLinker: "isolated",
    hoist: false,
    shamefullyHoist: false,
    publicHoistPattern: [],
    overrides: { ...versions, ...siblings },
  };
  writeFileSync(join(home, "package.json"), JSON.stringify(manifest, null, 2));
  // JSON is YAML.
  writeFileSync(join(home, "pnpm-workspace.yaml"), JSON.stringify(settings, null, 2));
}

/**
 * The specifiers a consumer may import; a pattern stands for the files that match it.
 * @param {Installed} project
 * @returns {string[]}
 */
function exportedEntries({ manifest, installed }) {
  return Object.entries(manifest.exports ?? {})
    .filter(([key]) => key !== "./package.json")
    .flatMap(([key, target]) => (key.includes("*") ? expand(key, target, installed) : [key]))
    .map((key) => manifest.name + key.slice(1));
}

/**
 * @param {string} key
 * @param {unknown} target
 * @param {string} installed
 */
function expand(key, target, installed) {
  const path = typeof target === "string" ? target : String(Object.values(Object(target)).at(-1));
  const [before = "", after = ""] = path.replace(/^\.\//, "").split("*");
  const files = readdirSync(installed, { recursive: true }).map((file) => String(file).replaceAll("\\", "/"));
  const matching = files.filter((file) => !file.startsWith("node_modules/") && file.startsWith(before) && file.endsWith(after));
  return matching.map((file) => key.replace("*", file.slice(before.length, file.length - after.length)));
}

/**
 * @param {readonly string[]} entries
 * @param {Installed} project
 */
async function importFault(entries, { home, env }) {
  for (const entry of entries) {
    const options = entry.endsWith(".json") ? ', { with: { type: "json" } }' : "";
    const script = `const seen = await import(${JSON.stringify(entry)}${options}); if (Object.keys(seen).length === 0) throw new Error("exports nothing");`;
    const result = await runCommand([process.execPath, "--input-type=module", "--eval", script], { cwd: home, env, limitMs: 30_000 });
    if (result.code !== 0) return failure(`import ${entry}`, result.output);
  }
  return undefined;
}

/**
 * A library's dynamic imports would fail only when they are reached, so every import it was built with must resolve from where it lies.
 * @param {readonly string[]} modules
 * @param {Installed} project
 */
function unresolvedFault(modules, { installed }) {
  if (modules.length === 0) return undefined;
  const files = readdirSync(installed, { recursive: true }).map(String);
  const scripts = files.filter((file) => /\.[cm]?js$/.test(file) && !/(^|[\\/])node_modules[\\/]/.test(file));
  const missing = scripts.flatMap((file) =>
    missingImports(realpathSync(join(installed, file))).map((specifier) => `${file}: "${specifier}"`),
  );
  return missing.length === 0 ? undefined : failure("resolve", `${missing.join("\n")} cannot be resolved where the package is installed\n`);
}

/** @param {string} file */
function missingImports(file) {
  const { resolve } = createRequire(file);
  return sourceImports(readFileSync(file, "utf8"))
    .map(({ specifier }) => specifier)
    .filter((specifier) => !specifier.startsWith("."))
    .filter((specifier) => {
      try {
        resolve(specifier);
        return false;
      } catch (error) {
        // A package for `import` alone is there all the same.
        return Object(error).code === "MODULE_NOT_FOUND";
      }
    });
}

/**
 * The declarations must stand on declared dependencies too; faults inside the libraries' own declarations are not ours.
 * @param {readonly string[]} modules
 * @param {Installed} project
 */
async function typesFault(modules, { home, env, manifest }) {
  if (modules.length === 0) return undefined;
  writeFileSync(
    join(home, "consumer.ts"),
    modules
      .map(
        (entry, index) => `import * as entry${index} from ${JSON.stringify(entry)};\nexport type Entry${index} = typeof entry${index};\n`,
      )
      .join(""),
  );
  const compilerOptions = {
    module: "nodenext",
    target: "es2023",
    lib: ["es2023"],
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    types: ["node"],
    typeRoots: [join(TOOLCHAIN, "@types")],
  };
  writeFileSync(join(home, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["consumer.ts"] }));
  const result = await runCommand([process.execPath, join(TOOLCHAIN, "typescript/bin/tsc"), "-p", home], { cwd: home, env });
  const ours = result.output
    .split("\n")
    .filter(
      (line) => line.startsWith("consumer.ts") || line.includes(`node_modules/${manifest.name}/`) || line.includes("node_modules/@codex/"),
    );
  return ours.length === 0 ? undefined : failure("types", ours.join("\n"));
}

/** @param {Installed} project */
async function binsFault({ home, env, manifest, installed }) {
  for (const name of binNames(manifest)) {
    const program = join(home, "node_modules/.bin", process.platform === "win32" ? `${name}.cmd` : name);
    if (!existsSync(program)) return failure(`bin ${name}`, `${installed} has no ${name} in node_modules/.bin\n`);
    const version = await runCommand([program, "--version"], { cwd: home, env, limitMs: 30_000 });
    const result = version.code === 0 ? version : await runCommand([program, "--help"], { cwd: home, env, limitMs: 30_000 });
    if (result.code !== 0) return failure(`bin ${name}`, `${version.output}${result.output}`);
    if (result.output.trim() === "") return failure(`bin ${name}`, "prints nothing for --version or --help\n");
  }
  return undefined;
}

/** @param {PackageManifest} manifest */
function binNames({ name, bin }) {
  if (bin === undefined) return [];
  return typeof bin === "string" ? [name.replace(/^@[^/]+\//, "")] : Object.keys(bin);
}

/**
 * @param {string} step
 * @param {string} output
 * @returns {AloneRun & { ok: false }}
 */
function failure(step, output) {
  return { ok: false, step, output };
}
