import { defineConfig } from "vitest/config";

const conditions = ["@codex/source"];
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["packages/*/test/**/*.test.ts", "scripts/test/**/*.test.ts", "examples/test/**/*.test.ts"],
    testTimeout: 30_000,
  },
});
