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
const KEPT = 500_000;
/** How long one slice of work may hold up a key, and the pause between two. ms. */
const SLICE_MS = 5;
const PAUSE_MS = 4;

/**
 * Colours code between frames: undefined at first, and `onReady` once there is more. For texts that are drawn again by themselves.
 * A view that holds more than is kept stays without some colours, and is not worked on for ever.
 */
export function highlightLater({ highlight, clock, onReady }: LaterOptions): Highlight {
  const waiting = new Map<string, { readonly code: string; readonly language: string }>();
  const ready = new Map<string, readonly Line[]>();
  let kept = 0;
  let found = false;
  /** Hashes of all that had colours once; how much of it was coloured again since something was new. */
  const seen = new Set<number>();
  let again = 0;
  let scheduled = false;

  const keep = (key: string, lines: readonly Line[]): void => {
    const hash = hashOf(key);
    again = seen.has(hash) ? again + key.length : 0;
    seen.add(hash);
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
    if (lines !== undefined) {
      // What is asked for is what is in sight: it goes last.
      ready.delete(key);
      ready.set(key, lines);
      return lines;
    }
    if (waiting.has(key) || (again > KEPT && seen.has(hashOf(key)))) return undefined;
    waiting.set(key, { code, language });
    if (!scheduled) {
      scheduled = true;
      clock.timer(0, work, { unref: true });
    }
    return undefined;
  };
}

function hashOf(text: string): number {
  let hash = 0;
  for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  return hash;
}
