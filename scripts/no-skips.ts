import type { Reporter, TestModule } from "vitest/node";

/**
 * Fails a run in which anything was skipped: for machines on which everything can be tried, so that they notice when it is not.
 * What a filter on the command line leaves out is no skip.
 */
export function noSkips(): Reporter {
  let filtered = false;
  return {
    onInit(vitest) {
      filtered = vitest.config.testNamePattern !== undefined;
    },
    onTestRunEnd(modules: readonly TestModule[]) {
      if (filtered) return;
      const skipped = modules.flatMap((module) =>
        [...module.children.allTests("skipped")].map((test) => `${module.relativeModuleId}: ${test.fullName}`),
      );
      if (skipped.length === 0) return;
      process.stderr.write(
        `CODEX_REQUIRE_SANDBOX=1, but ${skipped.length} tests were skipped:\n${skipped.map((name) => `  ${name}\n`).join("")}`,
      );
      process.exitCode = 1;
    },
  };
}
