import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { TUI_OPTIONS } from "../flags/commands.ts";
import type { Values } from "../flags/option.ts";

export type TuiValues = Values<typeof TUI_OPTIONS>;

/**
 * Whether the interface is to speak. It has to be known before the first frame, and the configuration is loaded after that; so only
 * where the key is written somewhere is the configuration loaded first. Throws what loading it throws.
 */
export async function wantsScreenReader(values: TuiValues): Promise<boolean> {
  if (values["screen-reader"]) return true;
  if (![configText(), ...values.config].some((text) => text.includes("screen_reader"))) return false;
  const { loadTuiConfig } = await import("./connect.ts");
  return (await loadTuiConfig(values)).tui.screenReader;
}

/** The file as it stands; whoever loads it says what is wrong with it. */
function configText(): string {
  try {
    return readFileSync(join(process.env["CODEX_HOME"] || join(homedir(), ".codex"), "config.toml"), "utf8");
  } catch {
    return "";
  }
}
