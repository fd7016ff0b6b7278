import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { lockedVersions } from "../../isolated/locked-versions.mjs";
import { cleanEnvironment, findPnpm } from "../../isolated/pnpm.mjs";
import { workspacePackages } from "../../isolated/workspace-packages.mjs";
import { REPOSITORY, temporaryTree, writeInto } from "../temporary-tree.ts";

let pnpm: readonly string[];
beforeAll(async () => {
  pnpm = await findPnpm();
});

const BUILD = 'import { cpSync } from "node:fs";\ncpSync("src", "dist", { recursive: true });\n';

function small(name: string, more: object = {}): string {
  const exports = { ".": { types: "./dist/index.d.ts", default: "./dist/index.js" }, "./package.json": "./package.json" };
  return JSON.stringify({
    name,
    version: "1.0.0",
    type: "module",
    files: ["dist", "bin"],
    exports,
    scripts: { build: "node ../../build.mjs" },
    ...more,
  });
}

/** A workspace of two packages, `@codex/lower` and `@codex/upper`, that needs no registry. */
function twoPackages({ upper, files = {} }: { upper: string; files?: Readonly<Record<string, string>> }): string {
  const root = temporaryTree({
    "package.json": JSON.stringify({ name: "root", private: true, type: "module" }),
    "pnpm-workspace.yaml": "packages: [packages/*]\nnodeLinker: isolated\nhoist: false\n",
    ".gitignore": "node_modules\ndist\n",
    "build.mjs": BUILD,
    "packages/lower/package.json": small("@codex/lower"),
    "packages/lower/src/index.js": "export const low = 1;\n",
    "packages/lower/src/index.d.ts": "export declare const low: 1;\n",
    "packages/upper/package.json": upper,
    "packages/upper/src/index.js": 'import { low } from "@codex/lower";\nexport const up = low + 1;\n',
    "packages/upper/src/index.d.ts": 'import type { low } from "@codex/lower";\nexport declare const up: typeof low | 2;\n',
    ...files,
  });
  const env = cleanEnvironment(REPOSITORY);
  for (const argv of [
    ["git", "init", "--quiet"],
    [...pnpm, "install", "--lockfile-only", "--offline"],
  ]) {
    const [program = "", ...args] = argv;
    const { status, stdout, stderr } = spawnSync(program, args, { cwd: root, env, encoding: "utf8" });
    if (status !== 0) throw new Error(`${argv.join(" ")}: ${stdout}${stderr}`);
  }
  return root;
}

function checkIsolated(root: string, ...args: string[]): { status: number | null; lines: string[] } {
  const script = join(REPOSITORY, "scripts/check-isolated.mjs");
  const { status, stdout } = spawnSync(process.execPath, [script, "--root", root, ...args], { encoding: "utf8" });
  return {
    status,
    lines: stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.replace(/\d+\.\d s/g, "N s")),
  };
}

const UPPER = { dependencies: { "@codex/lower": "workspace:*" } };
const BIN = "#!/usr/bin/env node\nif (process.argv[2] !== '--help') process.exit(2);\nconsole.log('usage');\n";

test("packages that declare what they use pass, bins included", { timeout: 120_000 }, () => {
  const upper = small("@codex/upper", { ...UPPER, bin: { upper: "./bin/upper.js" } });
  expect(checkIsolated(twoPackages({ upper, files: { "packages/upper/bin/upper.js": BIN } }))).toEqual({
    status: 0,
    lines: [
      "ok   @codex/lower: install N s, build N s, alone N s (1 imported, 0 bins run)",
      "ok   @codex/upper: install N s, build N s, alone N s (1 imported, 1 bins run)",
      "2 passed, 0 failed",
    ],
  });
});

test("a neighbour that is used but not declared fails, though it is there in the workspace", { timeout: 120_000 }, () => {
  const { status, lines } = checkIsolated(twoPackages({ upper: small("@codex/upper") }));
  expect({ status, first: lines[0], second: lines[1], last: lines.at(-1) }).toEqual({
    status: 1,
    first: "ok   @codex/lower: install N s, build N s, alone N s (1 imported, 0 bins run)",
    second: "FAIL @codex/upper: import @codex/upper failed",
    last: "1 passed, 1 failed",
  });
  expect(lines.join("\n")).toContain("Cannot find package '@codex/lower'");
});

test("a neighbour declared for development only fails once the package is installed", { timeout: 120_000 }, () => {
  const upper = small("@codex/upper", { devDependencies: { "@codex/lower": "workspace:*" } });
  expect(checkIsolated(twoPackages({ upper }), "--only", "@codex/upper").lines[0]).toBe("FAIL @codex/upper: import @codex/upper failed");
});

test("an import that is reached only later fails at once", { timeout: 120_000 }, () => {
  const later = 'export const up = 2;\nexport const later = () => import("@codex/lower");\n';
  const types = "export declare const up: 2;\n";
  const files = { "packages/upper/src/index.js": later, "packages/upper/src/index.d.ts": types };
  expect(checkIsolated(twoPackages({ upper: small("@codex/upper"), files }), "--only", "@codex/upper").lines.slice(0, 2)).toEqual([
    "FAIL @codex/upper: resolve failed",
    '     | dist/index.js: "@codex/lower" cannot be resolved where the package is installed',
  ]);
});

test("declarations that need what is not declared fail", { timeout: 120_000 }, () => {
  const root = twoPackages({ upper: small("@codex/upper"), files: { "packages/upper/src/index.js": "export const up = 2;\n" } });
  const { lines } = checkIsolated(root, "--only", "@codex/upper");
  expect(lines[0]).toBe("FAIL @codex/upper: types failed");
  expect(lines[1]).toContain("error TS2307: Cannot find module '@codex/lower'");
});

test("a bin that cannot be run fails", { timeout: 120_000 }, () => {
  const upper = small("@codex/upper", { ...UPPER, bin: { upper: "./bin/upper.js" } });
  const root = twoPackages({ upper, files: { "packages/upper/bin/upper.js": '#!/usr/bin/env node\nimport "../dist/missing.js";\n' } });
  expect(checkIsolated(root, "--only", "@codex/upper").lines[0]).toBe("FAIL @codex/upper: bin upper failed");
  writeInto(root, "packages/upper/bin/upper.js", "#!/usr/bin/env node\n");
  expect(checkIsolated(root, "--only", "@codex/upper").lines.slice(0, 2)).toEqual([
    "FAIL @codex/upper: bin upper failed",
    "     | prints nothing for --version or --help",
  ]);
});

test("an unknown name is refused", () => {
  const { status } = spawnSync(process.execPath, [join(REPOSITORY, "scripts/check-isolated.mjs"), "--only", "@codex/nobody"]);
  expect(status).toBe(2);
});

test("neighbours are found through neighbours", () => {
  const root = temporaryTree({
    "packages/a/package.json": JSON.stringify({ name: "a", dependencies: { b: "workspace:*", zod: "catalog:" } }),
    "packages/b/package.json": JSON.stringify({ name: "b", devDependencies: { c: "workspace:*" } }),
    "packages/c/package.json": JSON.stringify({ name: "c" }),
    "packages/empty/.keep": "",
  });
  expect(workspacePackages(root)).toEqual([
    { name: "a", folder: "a", neighbours: ["b", "c"] },
    { name: "b", folder: "b", neighbours: ["c"] },
    { name: "c", folder: "c", neighbours: [] },
  ]);
});

test("the versions of the catalogue are read from the lockfile, and without one there are none", () => {
  const root = temporaryTree({
    "pnpm-lock.yaml": `lockfileVersion: '9.0'

catalogs:
  default:
    '@types/node':
      specifier: ^20.19.43
      version: 20.19.43
    zod:
      specifier: ^4.6.7
      version: 4.6.8

importers:

  .:
    devDependencies:
      tsup:
        specifier: 'catalog:'
        version: 8.5.1
`,
    "other/pnpm-lock.yaml": "lockfileVersion: '9.0'\n",
  });
  expect(lockedVersions(root)).toEqual({ "@types/node": "20.19.43", zod: "4.6.8" });
  expect(lockedVersions(join(root, "other"))).toEqual({});
});

test("nothing of the surrounding run shines through", () => {
  const env = cleanEnvironment("/repository", {
    PATH: ["/repository/node_modules/.bin", "/usr/bin"].join(process.platform === "win32" ? ";" : ":"),
    NODE_PATH: "/repository/node_modules",
    npm_lifecycle_event: "check",
    npm_config_registry: "kept",
    HOME: "/home/user",
  });
  expect(env).toEqual({ PATH: "/usr/bin", npm_config_registry: "kept", HOME: "/home/user" });
});
