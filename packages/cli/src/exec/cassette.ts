import { CodexError, type Config, type Host } from "@codex/core";
import { dirname, resolve } from "node:path";
import type { Ending } from "./reader.ts";

export interface CassetteSession {
  /** What the session is opened with. */
  readonly host: Host;
  /**
   * To be called after the session. Resolves to what the user should know of where the recording is. Throws a CodexError when the
   * cassette could not be written, or more was recorded than asked for.
   */
  finish(ending: Ending): Promise<string | undefined>;
}

interface CassetteFlags {
  readonly record: string | undefined;
  readonly replay: string | undefined;
  readonly "live-tools": boolean;
}

interface CassetteSurroundings {
  readonly host: Host;
  readonly config: Config;
  /** Where relative paths start. */
  readonly processCwd: string;
}

/** The host for a session that is recorded (`--record`), replayed (`--replay`) or neither. */
export async function openCassette(flags: CassetteFlags, { host, config, processCwd }: CassetteSurroundings): Promise<CassetteSession> {
  if (flags.record !== undefined) {
    const file = resolve(processCwd, flags.record);
    if ((await host.fs.stat(dirname(file)).catch(() => undefined))?.kind !== "directory") {
      throw new CodexError("cassette_invalid", `--record ${file}: the folder ${dirname(file)} does not exist`);
    }
    const { recordingHost } = await import("./cassette-host.ts");
    const recording = await recordingHost(host, { file, config });
    return {
      host: recording.host,
      async finish(ending) {
        const written = await recording.finish(ending.type === "completed" ? "complete" : ending.code);
        return written === file ? undefined : `${file} was kept as it was, because the turn failed; this recording is in ${written}`;
      },
    };
  }
  if (flags.replay !== undefined) {
    const { readCassette, replayHost } = await import("./cassette-host.ts");
    const cassette = await readCassette(host.fs, resolve(processCwd, flags.replay));
    const replay = await replayHost(host, cassette, { config, liveTools: flags["live-tools"] });
    return {
      host: replay.host,
      async finish(ending) {
        // A turn that failed asked for less than was recorded, and has said why.
        if (ending.type === "completed") replay.finish();
        return undefined;
      },
    };
  }
  return { host, finish: async () => undefined };
}
