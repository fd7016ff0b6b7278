import { plural } from "../text/format.ts";

/** A duration in words: `0.4 seconds`, `12 seconds`, `2 minutes 5 seconds`, `1 hour 2 minutes`. */
export function spokenTime(ms: number): string {
  if (ms < 9950) return `${(Math.max(0, ms) / 1000).toFixed(1).replace(/\.0$/, "")} ${ms >= 950 && ms < 1050 ? "second" : "seconds"}`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return plural(seconds, "second");
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return joined(plural(minutes, "minute"), seconds % 60, "second");
  return joined(plural(Math.floor(minutes / 60), "hour"), minutes % 60, "minute");
}

function joined(first: string, rest: number, noun: string): string {
  return rest === 0 ? first : `${first} ${plural(rest, noun)}`;
}
