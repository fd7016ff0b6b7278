import type { Host } from "@codex/core";

export type ClipboardImage = { readonly ok: true; readonly path: string } | { readonly ok: false; readonly message: string };

type ClipboardHost = Pick<Host, "fs" | "processes" | "env" | "clock">;

interface Reader {
  /** A constant: nothing of the user's is put into it. */
  readonly script: string;
  /** The variable without which it cannot work. */
  readonly needs?: string;
  readonly decode?: (output: Uint8Array) => Uint8Array;
}

const READERS: readonly Reader[] = [
  { script: "exec wl-paste --no-newline --type image/png 2>/dev/null", needs: "WAYLAND_DISPLAY" },
  { script: "exec xclip -selection clipboard -target image/png -out 2>/dev/null", needs: "DISPLAY" },
  { script: "exec pngpaste - 2>/dev/null" },
  { script: "exec osascript -e 'get the clipboard as «class PNGf»' 2>/dev/null", decode: fromHex },
];

const TIMEOUT_MS = 5_000;
/** Larger images no provider takes. */
const MOST_BYTES = 32 * 1024 * 1024;

/** Writes the image on the clipboard into a PNG file in `folder`, both private, with the first program that can read it. */
export async function clipboardImage(host: ClipboardHost, folder: string, signal: AbortSignal): Promise<ClipboardImage> {
  let asked = false;
  for (const reader of READERS) {
    if (reader.needs !== undefined && !host.env[reader.needs]) continue;
    // oxlint-disable-next-line no-await-in-loop -- the next one only when this one has nothing
    const { found, bytes } = await read(host, reader, signal);
    asked ||= found;
    const image = reader.decode === undefined ? bytes : reader.decode(bytes);
    if (!isPng(image)) continue;
    const path = `${folder}/image-${String(host.clock.now())}.png`;
    // oxlint-disable-next-line no-await-in-loop -- the loop ends here
    await host.fs.makeDirectory(folder, { mode: 0o700 });
    // oxlint-disable-next-line no-await-in-loop
    await host.fs.writeFile(path, image, { mode: 0o600 });
    return { ok: true, path };
  }
  return { ok: false, message: asked ? "the clipboard holds no image" : "no image: wl-paste, xclip or pngpaste is needed here" };
}

async function read(
  host: ClipboardHost,
  { script }: Reader,
  signal: AbortSignal,
): Promise<{ readonly found: boolean; readonly bytes: Uint8Array }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const env = Object.fromEntries(Object.entries(host.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
  const outcome = await host.processes.run(
    {
      argv: ["/bin/sh", "-c", script],
      cwd: "/",
      env,
      timeoutMs: TIMEOUT_MS,
      onOutput: (bytes) => {
        size += bytes.length;
        if (size <= MOST_BYTES) chunks.push(bytes.slice());
      },
    },
    signal,
  );
  const found = outcome.type === "exited" && outcome.exitCode !== 127;
  const isWhole = outcome.type === "exited" && outcome.exitCode === 0 && size <= MOST_BYTES;
  return { found, bytes: isWhole ? Buffer.concat(chunks) : new Uint8Array() };
}

/** What AppleScript prints: `«data PNGf8950…»`. */
function fromHex(output: Uint8Array): Uint8Array {
  const digits = /PNGf([0-9A-F]+)/.exec(new TextDecoder().decode(output))?.[1] ?? "";
  return Buffer.from(digits, "hex");
}

function isPng(bytes: Uint8Array): boolean {
  return bytes[0] === 0x89 && bytes[1] === 0x50 && bytes[2] === 0x4e && bytes[3] === 0x47;
}
