import { announce } from "./announce.ts";
import { drawInputRow } from "./draw-input-row.ts";
import { overlayWords } from "./overlay-words.ts";
import { standing } from "./standing.ts";
import type { Voice } from "./voice.ts";

/** The interface in words. */
export const SPOKEN: Voice = { announce, overlayWords, standing, drawInputRow };
