import { defineConfig } from "vitest/config";
import { noSkips } from "./scripts/no-skips.ts";

const conditions = ["@codex/source"];
/** Where .ci/run wants the report it counts from. */
const report = process.env["TEST_RESULTS"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["packages/*/test/**/*.test.ts", "scripts/test/**/*.test.ts", "examples/test/**/*.test.ts"],
    testTimeout: 30_000,
    reporters: [
      "default",
      ...(report === undefined ? [] : [["json", { outputFile: report }] as ["json", { outputFile: string }]]),
      ...(process.env["CODEX_REQUIRE_SANDBOX"] === "1" ? [noSkips()] : []),
    ],
  },
});
