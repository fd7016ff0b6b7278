export { readServerFlags, SERVER_FLAGS, type ServerFlagValues, type ServerSettings } from "./server-flags.ts";
export { runServer } from "./serve.ts";
export { runStdioServer } from "./stdio.ts";
export { TOOLS } from "./generated/tools.ts";
