import { join } from "node:path";
import type { Config } from "../config/config.ts";
import { truncateText } from "../exec/truncate.ts";
import type { Host } from "../host/host.ts";
import { uuidV7 } from "../protocol/ids.ts";
import type { ContentPart, OutputPayload } from "../protocol/item.ts";

/** What was kept whole is removed at a later start of a session once it is this old. ms. */
const KEEP_MS = 7 * 24 * 60 * 60 * 1000;

/** What a short text beside a very long one keeps. */
const LEAST_TOKENS = 100;

interface CutContext {
  readonly config: Config;
  readonly host: Host;
}

/**
 * The parts as the model gets them: texts that go beyond the limit on tool outputs lose their middle, and the whole is kept in a private
 * file that the text names. Images are never cut.
 */
export async function cutOutput(parts: readonly ContentPart[], context: CutContext): Promise<OutputPayload> {
  const limit = context.config.toolOutputTokenLimit;
  const texts = parts.flatMap((part) => (part.type === "input_image" ? [] : [part.text]));
  const whole = texts.join("\n");
  if (truncateText(whole, limit) === whole) return payload(parts);
  const kept = await keepWhole(whole, context);
  const cut = parts.map((part) =>
    part.type === "input_image" ? part : { ...part, text: truncateText(part.text, share(part.text, whole, limit)) },
  );
  return payload([...cut, { type: "input_text", text: kept }]);
}

/** Tokens for one of several texts, by its part of the whole. */
function share(text: string, whole: string, limit: number): number {
  return Math.max(LEAST_TOKENS, Math.floor((limit * text.length) / whole.length));
}

function payload(parts: readonly ContentPart[]): OutputPayload {
  if (parts.some((part) => part.type === "input_image")) return parts;
  return parts.map((part) => (part.type === "input_image" ? "" : part.text)).join("\n");
}

/** Says where the whole text is, or why it is nowhere. */
async function keepWhole(text: string, { config, host }: CutContext): Promise<string> {
  const folder = join(config.codexHome, "mcp-output");
  const file = join(folder, `${uuidV7(host.clock.now(), host.random.bytes(16))}.txt`);
  try {
    await host.fs.makeDirectory(folder, { mode: 0o700 });
    await host.fs.writeFile(file, text, { mode: 0o600 });
  } catch (error) {
    return `[The whole output could not be kept: ${(error as Error).message}]`;
  }
  await removeOld(folder, host).catch(() => undefined);
  return `[The whole output, ${String(Buffer.byteLength(text))} bytes, is in ${file}]`;
}

async function removeOld(folder: string, { fs, clock }: Host): Promise<void> {
  for (const name of await fs.readDirectory(folder)) {
    const file = join(folder, name);
    // oxlint-disable-next-line no-await-in-loop -- few, and nobody waits
    const stat = await fs.stat(file);
    // oxlint-disable-next-line no-await-in-loop
    if (stat !== undefined && clock.now() - stat.modifiedMs > KEEP_MS) await fs.remove(file);
  }
}
