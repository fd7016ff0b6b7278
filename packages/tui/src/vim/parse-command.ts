export type Operator = "d" | "c" | "y";

/** A key, or two for `gg`; the character of `f`, `F`, `t` and `T`. */
export interface Motion {
  readonly key: string;
  readonly character: string;
}

export type Target =
  | { readonly type: "lines" }
  | { readonly type: "motion"; readonly motion: Motion }
  | { readonly type: "object"; readonly around: boolean; readonly key: string };

/** `count` is undefined where none was typed. */
export type Command =
  | { readonly type: "move"; readonly motion: Motion; readonly count: number | undefined }
  | { readonly type: "operate"; readonly operator: Operator; readonly target: Target; readonly count: number | undefined }
  /** `character`: of `r`. */
  | { readonly type: "key"; readonly key: string; readonly character: string; readonly count: number | undefined };

/** Higher counts mean as much. */
const MOST = 9999;

/** The command that keys make in normal mode; `unknown` ends one without doing anything. */
export function parseCommand(keys: readonly string[]): Command | "incomplete" | "unknown" {
  const reader = { keys, at: 0 };
  const first = readCount(reader);
  const key = reader.keys[reader.at++];
  if (key === undefined) return "incomplete";
  if (isOperator(key)) return readOperation(reader, key, first);
  if (key === "r") {
    const character = reader.keys[reader.at];
    return character === undefined ? "incomplete" : { type: "key", key, character, count: first };
  }
  if (KEYS.has(key)) return { type: "key", key, character: "", count: first };
  const motion = readMotion(reader, key);
  return typeof motion === "string" ? motion : { type: "move", motion, count: first };
}

/** Text objects behind `i` and `a`. */
const OBJECTS = new Set("wWp\"'`()b[]{}B<>");
const MOTIONS = new Set("hjkl wWbBeE0^$G;,%{}");
const KEYS = new Set("xXDCYsSiIaAoOpPuJ~vV.");

interface Reader {
  readonly keys: readonly string[];
  at: number;
}

function readCount(reader: Reader): number | undefined {
  let digits = "";
  for (;;) {
    const key = reader.keys[reader.at] ?? "";
    if (!/^\d$/.test(key) || (digits === "" && key === "0")) break;
    digits += key;
    reader.at += 1;
  }
  return digits === "" ? undefined : Math.min(MOST, Number(digits));
}

function readOperation(reader: Reader, operator: Operator, first: number | undefined): Command | "incomplete" | "unknown" {
  const second = readCount(reader);
  const count = first === undefined && second === undefined ? undefined : Math.min(MOST, (first ?? 1) * (second ?? 1));
  const key = reader.keys[reader.at++];
  if (key === undefined) return "incomplete";
  if (key === operator) return { type: "operate", operator, target: { type: "lines" }, count };
  if (key === "i" || key === "a") {
    const object = reader.keys[reader.at];
    if (object === undefined) return "incomplete";
    if (!OBJECTS.has(object)) return "unknown";
    return { type: "operate", operator, target: { type: "object", around: key === "a", key: object }, count };
  }
  const motion = readMotion(reader, key);
  return typeof motion === "string" ? motion : { type: "operate", operator, target: { type: "motion", motion }, count };
}

function readMotion(reader: Reader, key: string): Motion | "incomplete" | "unknown" {
  if ("fFtT".includes(key)) {
    const character = reader.keys[reader.at];
    return character === undefined ? "incomplete" : { key, character };
  }
  if (key === "g") {
    const second = reader.keys[reader.at];
    if (second === undefined) return "incomplete";
    return second === "g" ? { key: "gg", character: "" } : "unknown";
  }
  return MOTIONS.has(key) ? { key, character: "" } : "unknown";
}

function isOperator(key: string): key is Operator {
  return key === "d" || key === "c" || key === "y";
}
