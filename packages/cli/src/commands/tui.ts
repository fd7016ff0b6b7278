import { systemClock } from "@codex/core";
import { App, createBlessedDriver, createTerminal, loadVoice } from "@codex/tui";
import { homedir } from "node:os";
import { resolve } from "node:path";
import { DONE, stopExitCode, USAGE } from "../exit.ts";
import { wantsScreenReader, type TuiValues } from "../tui/wants-screen-reader.ts";

/** `codex`: the terminal interface, until the user leaves. Returns the exit code; throws the CodexError that kept the agent from starting. */
export async function tui(values: TuiValues, prompt: string | undefined, version: string): Promise<number> {
  const driver = createBlessedDriver();
  if (!driver.interactive) {
    process.stderr.write('The interactive interface needs a terminal. To have one task done, run: codex exec "what to do"\n');
    return USAGE;
  }
  const inline = values["no-alt-screen"];
  const voice = (await wantsScreenReader(values)) ? await loadVoice() : undefined;
  const rows = voice === undefined ? (inline ? { inlineRows: 6 } : {}) : ({ inlineRows: 1, mouse: "off", reducedMotion: true } as const);
  const app = new App({
    makeTerminal: (view) => createTerminal({ ...view, driver, clock: systemClock, ...rows }),
    clock: systemClock,
    size: driver.size(),
    version,
    cwd: resolve(values.cd ?? "."),
    home: homedir(),
    connect: async () => {
      const { connect } = await import("../tui/connect.ts");
      return connect(values);
    },
    edit: async (text) => {
      const { editText } = await import("../tui/edit-text.ts");
      return editText(text);
    },
    prompt,
    inline,
    voice,
    skipGitCheck: values["skip-git-repo-check"],
  });
  const { by } = await app.run();
  return by === "user" ? DONE : stopExitCode(by === "terminal" ? "SIGHUP" : by);
}
