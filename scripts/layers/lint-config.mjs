// @ts-check

/** @import { LayerPackage, LayerTable } from "./table.mjs" */

/**
 * The linter's configuration: the rules of the house for every file, and for each package the imports its layer allows.
 * @param {LayerTable} table
 */
export function lintConfig(table) {
  return {
    $schema: "./node_modules/oxlint/configuration_schema.json",
    plugins: ["typescript", "import", "unicorn", "promise", "node", "vitest", "oxc"],
    categories: { correctness: "error" },
    rules: HOUSE_RULES,
    ignorePatterns: ["**/dist/**", "**/node_modules/**", "**/fixtures/**", "examples/*/**", "packages/cli/bin/apply_patch.js"],
    overrides: [
      { files: ["**/*.mjs", "packages/*/bin/*.js", "packages/cli/**"], rules: PROGRAM_RULES },
      ...table.packages.flatMap((pkg) => packageOverrides(pkg, table)),
      { files: ["packages/*/test/**", "scripts/test/**", "examples/test/**", "interop/**"], rules: TEST_RULES },
      { files: ["**/*.config.ts"], rules: { "import/no-default-export": "off" } },
      { files: ["**/generated/**"], rules: { "max-lines": "off", "max-lines-per-function": "off", complexity: "off" } },
    ],
  };
}

const HOUSE_RULES = {
  "import/no-cycle": ["error", { ignoreTypes: false }],
  "import/no-default-export": "error",
  "import/no-self-import": "error",
  "no-console": "error",
  // What terminals and models send is full of them.
  "no-control-regex": "off",
  "no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_", ignoreRestSiblings: true }],
  // Lists in a list keep a table readable.
  "unicorn/no-useless-spread": "off",
  "unicorn/no-process-exit": "error",
  "unicorn/filename-case": ["error", { case: "kebabCase" }],
  "unicorn/prefer-node-protocol": "error",
  "typescript/no-explicit-any": "error",
  "typescript/no-floating-promises": "error",
  "typescript/no-misused-promises": "error",
  "typescript/await-thenable": "error",
  "typescript/return-await": ["error", "in-try-catch"],
  "typescript/only-throw-error": "error",
  "typescript/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
  "typescript/consistent-type-imports": "error",
  "max-lines": ["error", { max: 400, skipBlankLines: true, skipComments: true }],
  "max-lines-per-function": ["error", { max: 60, skipBlankLines: true, skipComments: true }],
  // An exhaustive switch over a union counts once: its length is the union's.
  complexity: ["error", { max: 15, variant: "modified" }],
  "max-params": ["error", 3],
};

/** Programs print, and end with an exit code. */
const PROGRAM_RULES = { "no-console": "off", "unicorn/no-process-exit": "off" };

/** A describe block is one long function, and a table of cases one long file. */
const TEST_RULES = {
  "max-lines": ["error", { max: 800, skipBlankLines: true, skipComments: true }],
  "max-lines-per-function": "off",
  "no-console": "off",
  "vitest/valid-expect": ["error", { maxArgs: 2 }],
  // Assertions may stand in a function the test calls.
  "vitest/expect-expect": "off",
  "vitest/no-conditional-expect": "off",
  "typescript/unbound-method": "off",
  "max-params": "off",
};

/**
 * The linter replaces a rule's options instead of adding to them, so each override repeats what the wider one said.
 * @param {LayerPackage} pkg
 * @param {LayerTable} table
 */
function packageOverrides(pkg, table) {
  const home = `packages/${pkg.folder}`;
  const base = packagePatterns(pkg, table);
  const confined = { ...NO_WORLD, "no-restricted-imports": restricted([...base, ...WORLD_MODULES]) };
  const inner = pkg.folder === "core" ? coreRows(table) : [];
  return [
    { files: [`${home}/**`], rules: { "no-restricted-imports": restricted(base) } },
    { files: [`${home}/src/**`], rules: confined },
    ...inner.map(({ folder, patterns }) => ({
      files: [`${home}/src/${folder}/**`],
      rules: { "no-restricted-imports": restricted([...base, ...WORLD_MODULES, ...patterns]) },
    })),
    ...worldOverrides(pkg, base, inner),
  ];
}

/**
 * Files that implement the ports: the ambient world is theirs, the layers hold all the same.
 * @param {LayerPackage} pkg
 * @param {readonly object[]} base
 * @param {readonly { folder: string, patterns: readonly object[] }[]} inner
 */
function worldOverrides(pkg, base, inner) {
  return pkg.world.map((glob) => {
    const row = inner.find(({ folder }) => glob.startsWith(`src/${folder}/`));
    return {
      files: [`packages/${pkg.folder}/${glob}`],
      rules: { ...WORLD, "no-restricted-imports": restricted([...base, ...(row?.patterns ?? [])]) },
    };
  });
}

/**
 * @param {LayerPackage} pkg
 * @param {LayerTable} table
 */
function packagePatterns(pkg, table) {
  const refused = table.packages.filter((other) => other.name !== pkg.name && !pkg.imports.includes(other.name)).map((other) => other.name);
  const folders = table.packages.map((other) => other.folder);
  return [
    {
      regex: `^(${refused.map(escape).join("|")})(/|$)`,
      message: `${pkg.name} may import only: ${pkg.imports.join(", ") || "nothing of the workspace"} (layers.json)`,
    },
    {
      regex: `^(\\.\\./)+(packages/)?(${folders.map(escape).join("|")})/(src|dist|test)/`,
      message: "Another package is imported by its name.",
    },
    { regex: "^@codex/[^/]+/(src|dist)(/|$)", message: "Only what a package exports may be imported." },
  ];
}

/**
 * For each folder of packages/core/src the rows above it, which it may not import.
 * @param {LayerTable} table
 */
function coreRows(table) {
  return table.core.flatMap((row, index) => {
    const above = table.core.slice(index + 1).flat();
    if (above.length === 0) return [];
    const message = `core/src/{${row.join(",")}} lies below {${above.join(",")}} and may not import it (layers.json)`;
    return row.map((folder) => ({ folder, patterns: [{ regex: `^(\\.\\./)+(${above.map(escape).join("|")})(/|\\.ts$)`, message }] }));
  });
}

/** @param {readonly object[]} patterns */
function restricted(patterns) {
  return ["error", { paths: RESTRICTED_PATHS, patterns }];
}

const RESTRICTED_PATHS = [{ name: "zod", message: 'Import "zod/mini": the full package costs every start-up tens of milliseconds.' }];

const WORLD_MODULES = [
  {
    regex:
      "^(node:)?(fs|fs/promises|child_process|cluster|dgram|dns|dns/promises|http|http2|https|inspector|net|os|process|readline|readline/promises|repl|timers|timers/promises|tls|tty|vm|worker_threads)$",
    message: "The outside world comes through Host; only the files layers.json lists as `world` may reach it.",
    allowTypeImports: true,
  },
  {
    regex: "^(node:)?crypto$",
    importNamePattern: "^(random|webcrypto|getRandomValues|generate)",
    message: "Randomness comes through Host.random.",
  },
];

/** @param {string} name @param {string} message */
const banned = (name, message) => ({ name, message });
const CLOCK = "Time comes through Host.clock.";
const HOST = "This comes through Host.";

const NO_WORLD = {
  "node/no-process-env": "error",
  "no-restricted-globals": [
    "error",
    banned("process", HOST),
    banned("fetch", "The network comes through Host.model."),
    banned("setTimeout", CLOCK),
    banned("setInterval", CLOCK),
    banned("performance", CLOCK),
    banned("crypto", "Randomness comes through Host.random."),
  ],
  "no-restricted-properties": [
    "error",
    { object: "Date", property: "now", message: CLOCK },
    { object: "Math", property: "random", message: "Randomness comes through Host.random." },
    { object: "AbortSignal", property: "timeout", message: CLOCK },
    { object: "process", property: "cwd", message: "The working directory is Config.cwd." },
    ...["process", "setTimeout", "setInterval", "fetch", "performance", "crypto"].map((property) => ({
      object: "globalThis",
      property,
      message: HOST,
    })),
  ],
};

const WORLD = { "node/no-process-env": "off", "no-restricted-globals": "off", "no-restricted-properties": "off" };

/** @param {string} text */
function escape(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
