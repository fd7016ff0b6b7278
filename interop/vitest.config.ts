import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const report = process.env["TEST_RESULTS"];

/** Runs what is built, as others would install it: `pnpm test:interop` builds first. */
export default defineConfig({
  test: {
    root: fileURLToPath(new URL(".", import.meta.url)),
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    reporters: report === undefined ? ["default"] : ["default", ["json", { outputFile: report }]],
  },
});
