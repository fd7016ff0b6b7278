export type ResponseHeaders = Readonly<Record<string, string | undefined>>;

/** The wait that response headers ask for, ms: `retry-after-ms`, else `Retry-After` in seconds or as an HTTP date (RFC 9110 §10.2.3). */
export function retryAfterOf(headers: ResponseHeaders, now: number): number | undefined {
  const ms = positive(headers["retry-after-ms"]);
  if (ms !== undefined) return ms;
  const value = headers["retry-after"]?.trim();
  if (value === undefined || value === "") return undefined;
  const seconds = positive(value);
  if (seconds !== undefined) return seconds * 1000;
  const date = /[a-z]/i.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** The wait that a message names, ms: "try again in 1.5s", "in 20ms", "in 6m0s". */
export function waitNamedIn(message: string | undefined): number | undefined {
  const spoken = /\b(?:try again|retry) (?:in|after)\s+((?:\d+(?:\.\d+)?\s*[a-z]+[\s,]*)+)/i.exec(message ?? "")?.[1];
  if (spoken === undefined) return undefined;
  let total: number | undefined;
  for (const [, amount = "", unit = ""] of spoken.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/gi)) {
    const size = unitMs(unit.toLowerCase());
    if (size === undefined) break;
    total = (total ?? 0) + Number(amount) * size;
  }
  return total;
}

function unitMs(unit: string): number | undefined {
  if (/^(ms|millis|milliseconds?)$/.test(unit)) return 1;
  if (/^(s|secs?|seconds?)$/.test(unit)) return 1000;
  if (/^(m|mins?|minutes?)$/.test(unit)) return 60_000;
  if (/^(h|hours?)$/.test(unit)) return 3_600_000;
  return /^d(ays?)?$/.test(unit) ? 86_400_000 : undefined;
}

function positive(text: string | undefined): number | undefined {
  if (text === undefined || !/^\s*\d+(\.\d+)?\s*$/.test(text)) return undefined;
  return Number(text);
}
