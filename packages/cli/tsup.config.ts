import { readFileSync } from "node:fs";
import { defineConfig } from "tsup";

const { version } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8")) as { version: string };

/**
 * The command line as a few minified chunks with everything inlined: the workspace from its sources, so that what a command
 * does not use is left out, and the libraries. Each command is loaded by itself.
 */
export default defineConfig({
  entry: ["src/main.ts"],
  format: ["esm"],
  target: "node20",
  platform: "node",
  dts: false,
  clean: true,
  splitting: true,
  minify: true,
  sourcemap: false,
  noExternal: [/.*/],
  define: { CODEX_VERSION: JSON.stringify(version) },
  // CommonJS libraries ask for Node's modules with require.
  banner: { js: 'import{createRequire as __cr}from"node:module";const require=__cr(import.meta.url);' },
  esbuildOptions(options) {
    options.conditions = ["@codex/source"];
    options.legalComments = "none";
  },
});
