import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { call, Codex, createNodeHost, customCall, loadConfig, say, script, stall, type Host, type ScriptedTurn } from "@codex/core";
import { expect, onTestFinished, test } from "vitest";
import { App, type AppEnd } from "../../src/app.ts";
import { loadVoice } from "../../src/screen-reader/voice.ts";
import { MemoryDriver } from "../../src/driver/memory-driver.ts";
import { createTerminal } from "../../src/terminal.ts";
import { feed, screenText, virtualTerminal } from "../screen/virtual-terminal.ts";
import { VirtualClock } from "../virtual-clock.ts";

/** The interface with a real session, a scripted model and a terminal in memory. */
async function open(
  turns: readonly ScriptedTurn[],
  options: {
    readonly git?: boolean;
    readonly config?: string;
    readonly inline?: boolean;
    readonly spoken?: boolean;
    /** Programs that are found before all others, by name. */
    readonly programs?: Readonly<Record<string, string>>;
    readonly prompt?: string;
    readonly images?: readonly string[];
  } = {},
) {
  const root = await mkdtemp(join(tmpdir(), "tui-app-"));
  const [cwd, home] = [join(root, "work"), join(root, "home")];
  await Promise.all([mkdir(cwd), mkdir(home)]);
  if (options.config !== undefined) await writeFile(join(home, "config.toml"), options.config);
  const model = script(turns);
  const bin = join(root, "bin");
  await mkdir(bin);
  for (const [name, text] of Object.entries(options.programs ?? {})) await writeFile(join(bin, name), text, { mode: 0o755 });
  const voice = options.spoken === true ? await loadVoice() : undefined;
  const path = `${bin}:${process.env["PATH"] ?? ""}`;
  const machine = createNodeHost({
    env: { PATH: path, WAYLAND_DISPLAY: "wayland-0", HOME: home, CODEX_HOME: home, OPENAI_API_KEY: "test-key" },
  });
  const host: Host = { ...machine, model };
  const driver = new MemoryDriver({ size: { columns: 80, rows: 24 } });
  const clock = new VirtualClock();
  const screen = virtualTerminal(80, 24);
  let edited: string | undefined = "from the editor";
  const app = new App({
    makeTerminal: (view) =>
      createTerminal({
        ...view,
        driver,
        clock,
        ...(voice !== undefined ? { inlineRows: 1 } : options.inline === true ? { inlineRows: 6 } : {}),
      }),
    clock,
    size: driver.size(),
    version: "1.0.0",
    cwd,
    home,
    connect: async () => {
      const config = await loadConfig({ processCwd: cwd, flags: { sandboxMode: "danger-full-access" } }, host);
      return {
        host,
        config,
        gitRoot: options.git === false ? undefined : cwd,
        images: options.images,
        openSession: () => Codex.open(config, host),
      };
    },
    edit: async () => edited,
    inline: options.inline,
    voice,
    prompt: options.prompt,
  });
  const end: Promise<AppEnd> = app.run();
  end.catch(() => undefined);
  onTestFinished(async () => {
    app.dispatch({ type: "input", event: { kind: "end", signal: undefined } });
    await end.catch(() => undefined);
    await machine.processes.close();
    await rm(root, { recursive: true, force: true });
  });
  const text = async (): Promise<string> => {
    await clock.advance(50);
    await feed(screen, driver.take());
    return screenText(screen).join("\n");
  };
  const sees = async (wanted: string): Promise<string> => {
    const deadline = performance.now() + 20_000;
    for (let shown = await text(); ; shown = await text()) {
      if (shown.includes(wanted)) return shown;
      if (performance.now() > deadline) throw new Error(`${JSON.stringify(wanted)} did not appear:\n${shown}`);
    }
  };
  const type = async (keys: string): Promise<void> => {
    for (const key of keys) {
      // What comes faster than anybody types counts as a paste.
      await clock.advance(20);
      driver.type(key);
    }
  };
  return { app, cwd, driver, end, home, model, screen, sees, text, type, failEditor: () => (edited = undefined) };
}

const PATCH = "*** Begin Patch\n*** Add File: made.txt\n+one\n*** End Patch\n";

test("the first frame stands before anything is loaded, and what is typed meanwhile is kept", async () => {
  const { driver, screen, sees, type } = await open([]);
  const frame = driver.take();
  expect(frame).toContain("What is to be done?");
  await feed(screen, frame);
  await type("early");
  expect(await sees("gpt-5.5")).toContain("› early");
});

test("a message becomes an applied patch once it is approved", async () => {
  const { cwd, sees, type } = await open([customCall("apply_patch", PATCH, "p"), say("It is **made**.")]);
  await sees("gpt-5.5");
  await type("make it\r");
  await sees("Allow these changes?");
  await type("y");
  await sees("It is made.");
  expect(await readFile(join(cwd, "made.txt"), "utf8")).toBe("one\n");
});

test("what the user says instead reaches the model", async () => {
  const { model, sees, type } = await open([call("shell", { command: ["rm", "x"] }, "c"), say("As you wish.")]);
  await sees("gpt-5.5");
  await type("clean up\r");
  await sees("Allow this command?");
  await type("eleave it alone\r");
  await sees("As you wish.");
  expect(JSON.stringify(model.requests[1]?.body)).toContain("leave it alone");
});

test("nothing moves and no timer is set when nothing happens", async () => {
  const { app, sees, text } = await open([]);
  await sees("gpt-5.5");
  await text();
  expect(app.animating).toBe(false);
});

test("an interrupted turn is over, and the queue is back in the composer", async () => {
  const { sees, type } = await open([stall({ text: "Let me think" })]);
  await sees("gpt-5.5");
  await type("first\r");
  await sees("Let me think");
  await type("second\r");
  await sees("⏎ second");
  await type("\u001b");
  const shown = await sees("interrupted");
  expect(shown).toContain("› second");
});

test("the editor's text takes the place of the composer's, and a failing editor changes nothing", async () => {
  const { failEditor, sees, type } = await open([]);
  await sees("gpt-5.5");
  await type("draft\u0007");
  await sees("› from the editor");
  failEditor();
  await type("\u0007");
  expect(await sees("the editor failed")).toContain("› from the editor");
});

test("! runs a command in the working folder", async () => {
  const { cwd, sees, type } = await open([]);
  await writeFile(join(cwd, "seen.txt"), "");
  await sees("gpt-5.5");
  await type("!ls\r");
  await sees("│ seen.txt");
});

test("@ finds files, and /export writes what was said", async () => {
  const { cwd, sees, type } = await open([say("Certainly.")]);
  await writeFile(join(cwd, "total.ts"), "");
  await sees("gpt-5.5");
  await type("@tot");
  await sees("▸ total.ts");
  await type("\r");
  await type("explain\r");
  await sees("Certainly.");
  await type("/export talk.md\r");
  await sees("written to");
  expect(await readFile(join(cwd, "talk.md"), "utf8")).toContain("## User\n\ntotal.ts explain\n");
});

test("settings are changed between turns, and /new begins again", async () => {
  const { model, sees, type } = await open([say("One."), say("Two.")]);
  await sees("gpt-5.5");
  await type("/model o3\r");
  await sees("model: gpt-5.5 → o3");
  await type("hello\r");
  await sees("One.");
  await type("/new\r");
  await type("again\r");
  expect(await sees("Two.")).not.toContain("One.");
  expect(model.requests.map(({ body }) => body["model"])).toEqual(["o3", "o3"]);
});

test("outside of a repository nothing is sent before the user goes on", async () => {
  const { model, sees, type } = await open([say("Hello.")], { git: false });
  await sees("Not a Git repository");
  expect(model.requests).toEqual([]);
  await type("y");
  await sees("gpt-5.5");
  await type("hi\r");
  await sees("Hello.");
});

test("keys of config.toml hold, and one that does not exist is named", async () => {
  const { sees, type } = await open([], { config: '[tui.keymap]\ntranscript = "ctrl-x"\nnonsense = "x"\n' });
  await sees('There is no action "nonsense"');
  await type("\u0018");
  await sees("── Transcript");
});

test("a configuration that is wrong ends the interface with its error, the terminal given back", async () => {
  const { driver, end } = await open([], { config: "model = 5\n" });
  await expect(end).rejects.toMatchObject({ code: "config_invalid" });
  expect(driver.log.at(-1)).toMatch(/^stop/);
});

test("in inline mode what is finished is printed once, and stays", async () => {
  const { sees, type } = await open([say("Printed once.")], { inline: true });
  await sees("gpt-5.5");
  await type("hello\r");
  const shown = await sees("Printed once.");
  expect(shown.split("Printed once.")).toHaveLength(2);
});

test("the message of the command line is sent first, with its images", async () => {
  const { model, sees } = await open([say("I see it.")], { prompt: "what is this?", images: ["/nowhere/a.png"] });
  await sees("I see it.");
  expect(JSON.stringify(model.requests[0]?.body)).toContain("what is this?");
});

const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

test("an image on the clipboard goes with the message, and its file is gone at the end", async () => {
  const programs = { "wl-paste": `#!/bin/sh\necho ${PIXEL} | base64 -d\n` };
  const { app, end, home, model, sees, type } = await open([say("A pixel.")], { programs });
  await sees("gpt-5.5");
  await type("\u0016");
  await sees("[Image #1]");
  expect(await readdir(join(home, "clipboard"))).toHaveLength(1);
  await type("what is it?\r");
  await sees("A pixel.");
  expect(JSON.stringify(model.requests[0]?.body)).toContain(PIXEL);
  app.dispatch({ type: "input", event: { kind: "end", signal: undefined } });
  await end;
  expect(await readdir(join(home, "clipboard"))).toEqual([]);
});

test("esc twice and enter take the last message back: view, composer and what the model is told", async () => {
  const { model, sees, text, type } = await open([say("One."), say("Two.")]);
  await sees("gpt-5.5");
  await type("first\r");
  await sees("One.");
  await sees("What is to be done?");
  await type("\u001b");
  await sees("esc again");
  await type("\u001b");
  await sees("Go back to before");
  await type("\r");
  await sees("› first");
  expect(await text()).not.toContain("One.");
  await type(" of all\r");
  await sees("Two.");
  expect(JSON.stringify(model.requests[1]?.body)).not.toContain("One.");
});

test("for a screen reader everything is a line of text, and the input row is all that changes", async () => {
  const { app, driver, sees, type } = await open([customCall("apply_patch", PATCH, "p"), say("It is made.")], { spoken: true });
  await sees("for a screen reader");
  await type("make it\r");
  await sees("1: Yes (y)");
  expect(app.animating).toBe(false);
  await type("1");
  const shown = await sees("Done after");
  expect(shown).toContain("Codex: It is made.");
  driver.take();
  await type("hi");
  expect(driver.take()).toBe("hi");
});

test("with reduced motion nothing moves while a task runs", async () => {
  const { app, sees, type } = await open([stall({ text: "Let me think" })], { config: "[tui]\nreduced_motion = true\n" });
  await sees("gpt-5.5");
  await type("go\r");
  await sees("Let me think");
  expect(app.animating).toBe(false);
});

test("nothing moves while the task waits for an answer", async () => {
  const { app, sees, type } = await open([call("shell", { command: ["rm", "x"] }, "c"), stall({ text: "Let me think" })]);
  await sees("gpt-5.5");
  await type("clean up\r");
  await sees("Allow this command?");
  expect(app.animating).toBe(false);
  await type("n");
  await sees("Let me think");
  expect(app.animating).toBe(true);
});
