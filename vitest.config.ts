import { defineConfig } from "vitest/config";

const conditions = ["@codex/source"];
/** Where .ci/run wants the report it counts from. */
const report = process.env["TEST_RESULTS"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["packages/*/test/**/*.test.ts", "scripts/test/**/*.test.ts", "examples/test/**/*.test.ts"],
    testTimeout: 30_000,
    reporters: report === undefined ? ["default"] : ["default", ["json", { outputFile: report }]],
  },
});
