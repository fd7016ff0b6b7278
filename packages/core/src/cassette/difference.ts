/** The first place where two JSON values differ. */
export interface Difference {
  /** JSON Pointer (RFC 6901) into both values; "" is the whole. */
  readonly pointer: string;
  /** The values there, as short text for a person; `nothing` where one side has none. */
  readonly recorded: string;
  readonly actual: string;
}

/** Compares JSON values, members in any order; undefined when they are equal. */
export function firstDifference(recorded: unknown, actual: unknown, pointer = ""): Difference | undefined {
  if (recorded === actual) return undefined;
  if (Array.isArray(recorded) && Array.isArray(actual)) {
    const steps = Array.from({ length: Math.max(recorded.length, actual.length) }, (_, index) => index);
    return firstOf(steps, (index) => firstDifference(recorded[index], actual[index], `${pointer}/${String(index)}`));
  }
  if (isObject(recorded) && isObject(actual)) {
    const keys = [...new Set([...Object.keys(recorded), ...Object.keys(actual)])];
    return firstOf(keys, (key) => firstDifference(recorded[key], actual[key], `${pointer}/${escapeToken(key)}`));
  }
  if (typeof recorded === "string" && typeof actual === "string") return { pointer, ...aroundFirstDifference(recorded, actual) };
  return { pointer, recorded: short(recorded), actual: short(actual) };
}

const BEFORE = 20;
const AFTER = 60;

function aroundFirstDifference(recorded: string, actual: string): { recorded: string; actual: string } {
  let index = 0;
  while (index < recorded.length && recorded[index] === actual[index]) index++;
  const start = Math.max(0, index - BEFORE);
  const cut = (text: string): string =>
    `${start > 0 ? "…" : ""}${JSON.stringify(text.slice(start, index + AFTER))}${text.length > index + AFTER ? "…" : ""}`;
  return { recorded: cut(recorded), actual: cut(actual) };
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length <= BEFORE + AFTER ? text : `${text.slice(0, BEFORE + AFTER)}…`;
}

function firstOf<Step>(steps: readonly Step[], compare: (step: Step) => Difference | undefined): Difference | undefined {
  for (const step of steps) {
    const difference = compare(step);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function escapeToken(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
