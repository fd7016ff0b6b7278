const HIDDEN = "[redacted]";
/** Deeper objects, longer lists and longer strings are cut: a log line is not a dump. */
const MAX_DEPTH = 6;
const MAX_ITEMS = 100;
const MAX_STRING = 8192;

const SECRET_NAME = /key|secret|token|password|passwd|credential|authorization|cookie/i;
/** What a secret looks like by itself: OpenAI and GitHub keys, and whatever follows a header's name. */
const SECRET_TEXT =
  /\bsk-[\w-]{8,}|\bgh[pousr]_\w{20,}|\b(?:authorization\s*[:=]\s*)?(?:bearer|basic)\s+[\w.~+/=-]{6,}|\bauthorization\s*[:=]\s*\S+/gi;

/** A copy of a log record's fields without obvious secrets: known values, strings that look like keys, and strings under names that promise one. */
export function createRedactor(env: Readonly<Record<string, string | undefined>>): <T>(value: T) => unknown {
  const secrets = Object.entries(env)
    .filter(([name, value]) => SECRET_NAME.test(name) && value !== undefined && value.length >= 8)
    .map(([, value]) => value as string);

  const text = (value: string): string => {
    let clean = value.length > MAX_STRING ? `${value.slice(0, MAX_STRING)}…` : value;
    for (const secret of secrets) clean = clean.replaceAll(secret, HIDDEN);
    return clean.replace(SECRET_TEXT, HIDDEN);
  };

  const copy = (value: unknown, depth: number): unknown => {
    if (typeof value === "string") return text(value);
    if (typeof value === "bigint") return String(value);
    if (typeof value !== "object" || value === null) return typeof value === "function" || typeof value === "symbol" ? undefined : value;
    if (depth >= MAX_DEPTH) return "…";
    if (value instanceof Error) return copyError(value, depth);
    if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((item) => copy(item, depth + 1));
    if (ArrayBuffer.isView(value)) return `${value.byteLength} bytes`;
    return Object.fromEntries(
      Object.entries(value)
        .slice(0, MAX_ITEMS)
        .map(([name, field]) => [name, typeof field === "string" && SECRET_NAME.test(name) ? HIDDEN : copy(field, depth + 1)]),
    );
  };

  const copyError = (error: Error, depth: number): unknown => ({
    name: error.name,
    message: text(error.message),
    ...("code" in error ? { code: copy(error.code, depth + 1) } : {}),
    ...(error.cause === undefined ? {} : { cause: copy(error.cause, depth + 1) }),
  });

  return (value) => copy(value, 0);
}
