import type { Clock } from "@codex/core";
import type { Line } from "./line.ts";
import type { Highlight } from "./markdown.ts";

export interface LaterOptions {
  /** Colours at once. */
  readonly highlight: Highlight;
  readonly clock: Pick<Clock, "monotonic" | "timer">;
  /** Something that was asked for has its colours now. */
  readonly onReady: () => void;
}

/** Characters of code whose colours are kept. */
const KEPT = 1_000_000;
/** How long one slice of work may hold up a key, and the pause between two. ms. */
const SLICE_MS = 5;
const PAUSE_MS = 4;

/** Colours code between frames: undefined at first, and `onReady` once there is more. For texts that are drawn again by themselves. */
export function highlightLater({ highlight, clock, onReady }: LaterOptions): Highlight {
  const waiting = new Map<string, { readonly code: string; readonly language: string }>();
  const ready = new Map<string, readonly Line[]>();
  let kept = 0;
  let found = false;
  let scheduled = false;

  const keep = (key: string, lines: readonly Line[]): void => {
    found = true;
    kept += key.length;
    ready.set(key, lines);
    for (const oldest of ready.keys()) {
      if (kept <= KEPT) break;
      ready.delete(oldest);
      kept -= oldest.length;
    }
  };

  const work = (): void => {
    const end = clock.monotonic() + SLICE_MS;
    for (const [key, { code, language }] of waiting) {
      waiting.delete(key);
      // Undefined while the language is loaded; whoever is drawn again then asks again.
      const lines = highlight(code, language);
      if (lines !== undefined) keep(key, lines);
      if (clock.monotonic() >= end) break;
    }
    scheduled = waiting.size > 0;
    if (scheduled) clock.timer(PAUSE_MS, work, { unref: true });
    else if (found) {
      found = false;
      onReady();
    }
  };

  return (code, language) => {
    const key = `${language}\n${code}`;
    const lines = ready.get(key);
    if (lines !== undefined || waiting.has(key)) return lines;
    waiting.set(key, { code, language });
    if (!scheduled) {
      scheduled = true;
      clock.timer(0, work, { unref: true });
    }
    return undefined;
  };
}
