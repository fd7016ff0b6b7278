import { defineConfig } from "tsup";

/** The generator for the Node at hand, which may not read TypeScript by itself. */
export default defineConfig({
  entry: ["scripts/generate.ts"],
  outDir: "node_modules/.generate",
  format: ["esm"],
  target: "node20",
  platform: "node",
  external: ["ts5"],
  silent: true,
});
