// Checks of test-tui.mjs about what is written and heard: going back, vi keys, the screen-reader mode.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { answer, call, customCall, say, stall } from "../packages/core/dist/index.js";

/** A patch of total.js in the repository of a check. */
export const PATCH = `*** Begin Patch
*** Update File: total.js
@@
-export const total = (prices) => prices.reduce((a, b) => a + b);
+export const total = (prices) => prices.reduce((a, b) => a + Number(b), 0);
*** End Patch
`;

export function expect(condition, what) {
  if (!condition) throw new Error(`not so: ${what}`);
}

export const writingChecks = {
  "esc twice goes back to an earlier message: the model forgets what followed, the files stay": async (lab) => {
    const terminal = await lab.start([say("One."), customCall("apply_patch", PATCH), say("Two."), say("Another.")]);
    terminal.send("first");
    await terminal.sees("One.");
    terminal.send("second");
    await terminal.sees("Allow these changes?");
    terminal.press("y");
    await terminal.sees("Two.");
    await terminal.sees("What is to be done?");
    terminal.press("Escape");
    await terminal.sees("esc again to go back");
    terminal.press("Escape");
    await terminal.sees("Go back to before");
    terminal.press("Enter");
    await terminal.sees("› second");
    expect(!terminal.text().includes("Two."), "what followed is out of the view");
    expect(lab.file("total.js").includes("Number(b)"), "the file is as the turn left it");
    terminal.send(" thought");
    await terminal.sees("Another.");
    const body = JSON.stringify(lab.requests[3]?.body);
    expect(body.includes("One.") && body.includes("second thought"), "the model is told what stood before, and what is new");
    expect(!body.includes("+ Number(b), 0") && !body.includes("Two."), "it is not told what was taken back");
    await terminal.leave();
  },

  "vi keys: normal mode, an operator, a message; esc still stops the task": async (lab) => {
    const terminal = await lab.start([say("Heard."), stall({ text: "Thinking" })]);
    terminal.send("/vim");
    await terminal.sees("INSERT");
    terminal.type("say wrong word");
    terminal.press("Escape");
    await terminal.sees("NORMAL");
    terminal.type("bbcwright");
    await terminal.sees("say right word");
    terminal.press("Escape");
    await terminal.sees("NORMAL");
    terminal.press("Enter");
    await terminal.sees("Heard.");
    expect(JSON.stringify(lab.requests[0]?.body).includes("say right word"), "the model was told");
    terminal.send("more");
    await terminal.sees("Thinking");
    terminal.press("Escape");
    await terminal.sees("NORMAL");
    terminal.press("Escape");
    await terminal.sees("interrupted");
    await terminal.leave();
  },

  "a question that comes up in the middle of a message is not answered by it": async (lab) => {
    const terminal = await lab.open([answer([call("shell", { command: ["rm", "total.js"] })], { delayMs: 500 }), say("Then not.")]);
    await terminal.sees("What is to be done?");
    terminal.type("clean up");
    terminal.press("Enter");
    terminal.type("zzz ");
    for (let words = 0; words < 8; words++) {
      // The scripted model is in this process, and answers between the words.
      // oxlint-disable-next-line no-await-in-loop -- words are typed one after another
      await terminal.pause(60);
      terminal.type("yes and no ");
    }
    await terminal.sees("still written into your message");
    expect(lab.requests.length === 1, "nothing was answered");
    await terminal.pause(900);
    terminal.press("n");
    await terminal.sees("Then not.");
    await terminal.sees(`zzz ${"yes and no ".repeat(3)}`);
    expect(lab.file("total.js") !== "", "nothing was removed");
    terminal.press("C-u");
    terminal.press("C-d");
    await terminal.left(0);
  },

  "a long command can be read whole before it is answered": async (lab) => {
    const script = `cat > notes.txt <<'EOF'\n${Array.from({ length: 80 }, (_, index) => `line ${String(index)}`).join("\n")}\nEOF\nrm -rf hidden`;
    const terminal = await lab.open([call("shell", { command: ["bash", "-lc", script] }), say("Then not.")]);
    await terminal.sees("What is to be done?");
    terminal.type("take notes");
    terminal.press("Enter");
    await terminal.sees("more lines · pgdn, pgup");
    expect(terminal.text().includes("rm -rf hidden") && !terminal.text().includes("line 40"), "the end is shown, the middle is not");
    terminal.press("PageDown");
    await terminal.sees("line 40");
    terminal.press("n");
    await terminal.sees("Then not.");
    terminal.press("C-d");
    await terminal.left(0);
  },

  "--screen-reader says everything in plain lines, and a number answers": async (lab) => {
    const terminal = await lab.open([customCall("apply_patch", PATCH), say("It adds numbers.")], { flags: "--screen-reader" });
    await terminal.sees("for a screen reader");
    terminal.send("mend it");
    await terminal.sees("1: Yes (y)");
    expect(terminal.modes().startsWith("0 0 "), "neither the alternate screen nor the mouse is taken");
    terminal.press("1");
    await terminal.sees("Codex: It adds numbers.");
    await terminal.sees("Done after");
    expect(lab.file("total.js").includes("Number(b)"), "the file is changed");
    const all = terminal.scrollback();
    expect(/removed 1: export const total/.test(all) && /Working\./.test(all), "what happened is said in words");
    expect(!/[\u2500-\u27bf\u2800-\u28ff]/.test(all), "nothing is drawn");
    await terminal.leave();
  },

  "tui.screen_reader in the configuration does the same": async (lab) => {
    writeFileSync(join(lab.home, ".codex", "config.toml"), "[tui]\nscreen_reader = true\n");
    const terminal = await lab.open([]);
    await terminal.sees("Message:");
    await terminal.sees("for a screen reader");
    await terminal.leave();
  },
};
