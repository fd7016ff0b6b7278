import { isAbsolute, normalize } from "node:path";
import * as z from "zod/mini";
import type { FileSystem } from "../host/host.ts";
import { causeOf } from "./fault.ts";
import { journalPath, type Journal, type JournalFile } from "./journal.ts";

const PATH = z.string().check(z.refine((path) => isAbsolute(path) && normalize(path) === path && !path.includes("\0")));
const FINGERPRINT = z.tuple([z.number(), z.number()]);

const JOURNAL = z.object({
  version: z.literal(1),
  cwd: PATH,
  token: z.string(),
  steps: z.array(
    z.discriminatedUnion("type", [
      z.object({ type: z.literal("remove"), path: PATH }),
      z.object({ type: z.literal("folder"), path: PATH }),
      z.object({ type: z.literal("add"), path: PATH, now: FINGERPRINT, text: z.optional(z.string()) }),
      z.object({ type: z.literal("update"), path: PATH, now: FINGERPRINT, before: FINGERPRINT }),
    ]),
  ),
});

export type ReadJournalResult = { readonly ok: true; readonly journal: Journal } | { readonly ok: false; readonly message: string };

/** Reads a journal. What is not one is an error, and so is a name that does not belong to its content. */
export async function readJournal(fs: FileSystem, file: JournalFile): Promise<ReadJournalResult> {
  const path = journalPath(file);
  try {
    const parsed = JOURNAL.safeParse(JSON.parse(Buffer.from(await fs.readFile(path)).toString("utf8")));
    if (parsed.success && parsed.data.token === file.token) return { ok: true, journal: parsed.data };
    return { ok: false, message: `${path} is not a patch journal.` };
  } catch (error) {
    if (error instanceof SyntaxError) return { ok: false, message: `${path} is not a patch journal.` };
    return { ok: false, message: `${path} cannot be read: ${causeOf(error)}.` };
  }
}
