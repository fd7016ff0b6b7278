import { main } from "./launcher.ts";

/** The program behind bin/codex-linux-sandbox.js. */
await main(process.argv.slice(2));
