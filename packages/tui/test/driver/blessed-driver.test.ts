import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, describe, expect, test } from "vitest";

const run = promisify(execFile);
const FIXTURE = fileURLToPath(new URL("fixtures/interface.mjs", import.meta.url));
const hasTmux = await run("tmux", ["-V"]).then(
  () => true,
  () => false,
);
if (!hasTmux) console.log("skipped: the driver's tests need tmux, which is not installed");

/** What tmux shows may lag a moment behind what it was told. */
const SOON = { timeout: 10_000 };

let count = 0;
const sockets: string[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) await run("tmux", ["-L", socket, "kill-server"]).catch(() => undefined);
});

/** A terminal of 80x24 with a shell that runs the fixture and says with which code it ended. */
async function start(way: string): Promise<Pane> {
  const socket = `tui-test-${process.pid}-${++count}`;
  sockets.push(socket);
  const tmux = async (...args: string[]): Promise<string> => (await run("tmux", ["-L", socket, "-f", "/dev/null", ...args])).stdout;
  const command = `'${process.execPath}' '${FIXTURE}' ${way}`;
  await tmux("new-session", "-d", "-x", "80", "-y", "24", "env PS1='> ' ENV= sh -i");
  const screen = async (): Promise<string[]> => (await tmux("capture-pane", "-p")).split("\n").filter((line) => line !== "");
  // What is typed before the prompt would stand before it.
  await expect.poll(screen, SOON).toEqual([">"]);
  const type = async (text: string): Promise<void> => {
    await tmux("send-keys", "-l", text);
    await tmux("send-keys", "Enter");
  };
  await type(`${command}; echo "ended with $?"; tmux wait-for -S ended`);
  await tmux("wait-for", "ready");
  return {
    type,
    tmux,
    wait: async (channel) => void (await tmux("wait-for", channel)),
    press: async (key) => void (await tmux("send-keys", key)),
    modes: async () =>
      (await tmux("display-message", "-p", "alt #{alternate_on} mouse #{mouse_any_flag} cursor #{cursor_flag} wrap #{wrap_flag}")).trim(),
    screen,
  };
}

interface Pane {
  /** Types a line and enter. */
  readonly type: (text: string) => Promise<void>;
  readonly tmux: (...args: string[]) => Promise<string>;
  readonly wait: (channel: string) => Promise<void>;
  readonly press: (key: string) => Promise<void>;
  readonly modes: () => Promise<string>;
  readonly screen: () => Promise<string[]>;
}

const OWN = "alt 1 mouse 1 cursor 1 wrap 0";
const GIVEN_BACK = "alt 0 mouse 0 cursor 1 wrap 1";

describe.skipIf(!hasTmux)("the terminal is given back", () => {
  const ways: Record<string, { readonly code: number; readonly shows: readonly string[] }> = {
    close: { code: 0, shows: ["farewell"] },
    exit: { code: 7, shows: ["last words"] },
    throw: { code: 1, shows: ["last words", "Error: thrown on purpose"] },
    reject: { code: 1, shows: ["last words", "Error: rejected on purpose"] },
    SIGINT: { code: 130, shows: ["farewell"] },
    SIGTERM: { code: 143, shows: ["farewell"] },
    SIGHUP: { code: 129, shows: ["farewell"] },
  };
  for (const [way, { code, shows }] of Object.entries(ways))
    test(`after ${way}, with exit code ${code}`, async () => {
      const pane = await start(way);
      await expect.poll(pane.screen, SOON).toEqual(["size 80x24 keys"]);
      expect(await pane.modes()).toBe(OWN);
      await pane.press("x");
      await pane.wait("ended");
      await expect.poll(pane.screen, SOON).toContain(`ended with ${code}`);
      expect(await pane.modes()).toBe(GIVEN_BACK);
      const screen = await pane.screen();
      expect(screen).toEqual(expect.arrayContaining([...shows]));
      expect(screen.filter((line) => /^(farewell|last words)$/.test(line))).toHaveLength(1);
      expect(screen.join("\n")).not.toContain("size 80x24");
    });
});

describe.skipIf(!hasTmux)("the terminal is taken again", () => {
  test("after a stop and a continuation", async () => {
    const pane = await start("suspend");
    await pane.press("x");
    // To the shell a stopped program has ended for now, by signal 20.
    await pane.wait("ended");
    await expect.poll(pane.screen, SOON).toContain("ended with 148");
    expect(await pane.modes()).toBe(GIVEN_BACK);
    await pane.type(`fg; echo "then ended with $?"; tmux wait-for -S ended`);
    await pane.wait("resumed");
    await pane.press("b");
    await expect.poll(pane.screen, SOON).toEqual(["size 80x24 keys xb"]);
    expect(await pane.modes()).toBe(OWN);
    await pane.press("q");
    await pane.wait("ended");
    await expect.poll(pane.screen, SOON).toContain("then ended with 0");
    expect(await pane.modes()).toBe(GIVEN_BACK);
  });

  test("after another program had it, which found it as a shell would leave it", async () => {
    const pane = await start("lend");
    await pane.press("x");
    await pane.wait("resumed");
    await pane.press("b");
    await expect.poll(pane.screen, SOON).toEqual(["size 80x24 keys xb"]);
    expect(await pane.modes()).toBe(OWN);
    await pane.press("q");
    await pane.wait("ended");
    await expect.poll(pane.screen, SOON).toEqual(expect.arrayContaining(["borrowed", " icanon", "ended with 0"]));
  });

  test("in its new size after a resize", async () => {
    const pane = await start("close");
    await pane.tmux("resize-window", "-x", "60", "-y", "20");
    await pane.press("b");
    await expect.poll(pane.screen, SOON).toEqual(["size 60x20 keys b"]);
  });
});
