import { definePackage } from "../../tsup.base.ts";

// The agent and its libraries are a chunk of their own, loaded by the first call. The protocol's validators are put in: a package
// to look up and read would cost the start.
export default definePackage({ entry: ["src/index.ts", "src/main.ts"], noExternal: ["@codex/mcp-types"] });
