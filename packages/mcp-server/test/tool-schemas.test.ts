import { expect, test } from "vitest";
import { describeTools } from "../src/tool-schemas.ts";

test("the tools a server lists without loading zod are the ones the parsing schemas describe", async () => {
  const source = `// DO NOT EDIT: written by \`pnpm generate\` from src/tool-schemas.ts.

import type { Tool } from "@codex/mcp-types";

export const TOOLS: readonly Tool[] = ${JSON.stringify(describeTools(), null, 2)};
`;
  await expect(source, "pnpm --filter @codex/mcp-server generate").toMatchFileSnapshot("../src/generated/tools.ts");
});
