import type { Surface } from "../screen/surface.ts";
import type { Overlay, State } from "../state/model.ts";

/** The interface for those who hear it: lines one after the other, and one row that is written in. */
export interface Voice {
  /** What is to be said of a step. `byKey`: a key led there. */
  readonly announce: (before: State, after: State, byKey: boolean) => readonly string[];
  /** What a full-screen view holds; undefined while it is made. */
  readonly overlayWords: (state: State, overlay: Overlay) => readonly string[] | undefined;
  readonly standing: (state: State) => string;
  readonly drawInputRow: (surface: Surface, state: State) => void;
}

/** Loaded only by those who need it, and as a whole: each part taken by itself would split what the first frame waits for. */
export async function loadVoice(): Promise<Voice> {
  const { SPOKEN } = await import("./spoken.ts");
  return SPOKEN;
}
