import { readFile } from "node:fs/promises";
import { runLegacyCommand } from "./legacy/command-line.ts";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const result = await runLegacyCommand(process.argv.slice(2), {
  cwd: process.cwd(),
  version: await ownVersion(),
  readFile: async (path) => {
    try {
      return { ok: true, text: decoder.decode(await readFile(path)) };
    } catch (error) {
      return {
        ok: false,
        message: error instanceof TypeError ? "it is not UTF-8" : String(error instanceof Error ? error.message : error),
      };
    }
  },
});
process.stdout.write(result.stdout);
process.stderr.write(result.stderr);
process.exitCode = result.exitCode;

async function ownVersion(): Promise<string> {
  const { version } = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8")) as { readonly version: string };
  return version;
}
