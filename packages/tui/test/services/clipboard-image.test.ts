import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createNodeHost } from "@codex/core";
import { expect, onTestFinished, test } from "vitest";
import { clipboardImage, type ClipboardImage } from "../../src/services/clipboard-image.ts";

const PNG = Buffer.from("89504e470d0a1a0a0000000d49484452ff00fe", "hex");

/** Asks a machine that has these programs, and in its environment these variables. */
async function ask(
  programs: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly answer: ClipboardImage; readonly folder: string }> {
  const root = await mkdtemp(join(tmpdir(), "tui-clipboard-"));
  const bin = join(root, "bin");
  await mkdir(bin);
  await writeFile(join(root, "image.png"), PNG);
  for (const [name, script] of Object.entries(programs)) {
    await writeFile(join(bin, name), `#!/bin/sh\n${script.replaceAll("IMAGE", join(root, "image.png"))}\n`);
    await chmod(join(bin, name), 0o755);
  }
  const host = createNodeHost({ env: { PATH: `${bin}:/bin:/usr/bin`, HOME: root, ...env } });
  onTestFinished(async () => {
    await host.processes.close();
    await rm(root, { recursive: true, force: true });
  });
  const folder = join(root, "clipboard");
  return { answer: await clipboardImage(host, folder, new AbortController().signal), folder };
}

test("an image on the Wayland clipboard becomes a file that is its owner's only", async () => {
  const wlPaste = 'echo warning >&2; [ "$*" = "--no-newline --type image/png" ] && cat IMAGE';
  const { answer, folder } = await ask({ "wl-paste": wlPaste }, { WAYLAND_DISPLAY: "wayland-0" });
  if (!answer.ok) throw new Error(answer.message);
  expect(await readFile(answer.path)).toEqual(PNG);
  expect([(await stat(folder)).mode & 0o777, (await stat(answer.path)).mode & 0o777]).toEqual([0o700, 0o600]);
});

test("where the first program has none the next is asked, and hex of AppleScript is read", async () => {
  const xclip = 'case "$*" in *image/png*) cat IMAGE;; esac';
  const x11 = await ask({ "wl-paste": "exit 1", xclip }, { WAYLAND_DISPLAY: "wayland-0", DISPLAY: ":0" });
  expect(x11.answer.ok).toBe(true);
  const mac = await ask({ osascript: `echo '«data PNGf${PNG.toString("hex").toUpperCase()}»'` });
  expect(mac.answer.ok && (await readFile(mac.answer.path)).equals(PNG)).toBe(true);
});

test("it is said whether there is no image or nothing that could read one", async () => {
  const none = await ask({ xclip: "echo 'target image/png not available' >&2; exit 1" }, { DISPLAY: ":0" });
  expect(none.answer).toEqual({ ok: false, message: "the clipboard holds no image" });
  const text = await ask({ pngpaste: "echo hello" });
  expect(text.answer).toEqual({ ok: false, message: "the clipboard holds no image" });
  const nothing = await ask({}, { DISPLAY: ":0" });
  expect(nothing.answer).toEqual({
    ok: false,
    message: "no image: wl-paste, xclip or pngpaste is needed here",
  });
});
