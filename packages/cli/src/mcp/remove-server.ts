import { CodexError } from "@codex/core";
import { DONE } from "../exit.ts";
import { edited } from "./add-server.ts";
import { changeFile } from "./config-file.ts";
import { configFile, readConfig, serverNamed } from "./server-settings.ts";
import { printJson } from "./show-servers.ts";

/** `codex mcp remove`. */
export async function removeServer(name: string, asJson: boolean): Promise<number> {
  serverNamed(await readConfig(), name);
  const file = configFile();
  await changeFile(file, (text) => {
    const without = edited(file, text, { name, entry: undefined });
    if (without === text) throw new CodexError("usage", `${name} is not in ${file}; it is defined elsewhere, in a profile for instance`);
    return without;
  });
  if (asJson) return printJson({ name, removed: true });
  process.stdout.write(`Removed ${name} from ${file}.\n`);
  return DONE;
}
