import type { Color, Style } from "../screen/style.ts";
import type { Line, Span } from "./line.ts";
import { expandTabs } from "./wrap.ts";

/**
 * Text of a program as lines: colours and attributes (SGR) become styles, every other control sequence is left out, a carriage
 * return starts the line anew as a terminal would, and direction overrides are dropped. `base` is under all styles.
 */
export function ansiLines(text: string, base: Style = {}): Line[] {
  let style: Style = base;
  return text.split(/\r?\n/).map((raw) => {
    const visible = raw.includes("\r") ? afterLastReturn(raw) : raw;
    if (!SUSPECT.test(visible)) return visible === "" ? [] : [{ text: expandTabs(visible), style }];
    const spans: Span[] = [];
    let at = 0;
    for (const match of visible.matchAll(SEQUENCE)) {
      push(spans, visible.slice(at, match.index), style);
      at = match.index + match[0].length;
      if (match[1] !== undefined) style = applySgr(style, match[1], base);
    }
    push(spans, visible.slice(at), style);
    return spans;
  });
}

/** `text` as a person may see it on one line: no control characters, sequences left out whole. */
export function plainLine(text: string): string {
  return text
    .replace(SEQUENCE, "")
    .replace(/[\r\n\t]+/g, " ")
    .replace(CONTROLS, "");
}

/** `text` without what makes a terminal do something; line breaks and tabs stay. */
export function harmlessText(text: string): string {
  return SUSPECT.test(text) || text.includes("\r") ? text.replace(SEQUENCE, "").replace(/\r\n?/g, "\n").replace(CONTROLS, "") : text;
}

const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;
const SUSPECT = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
/** Group 1: the parameters of an SGR. String sequences run to their terminator, unended ones to the end of the line. */
const SEQUENCE =
  /(?:\u001b\[|\u009b)([\d;:]*)m|(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?|(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c\n]*(?:\u0007|\u001b\\|\u009c)?|\u001b[ -/]*[0-~]?/g;

function push(spans: Span[], text: string, style: Style): void {
  const clean = expandTabs(text.replace(CONTROLS, ""));
  if (clean !== "") spans.push({ text: clean, style });
}

/** Progress bars write one line again and again; only its last state is worth a row. */
function afterLastReturn(raw: string): string {
  const parts = raw.split("\r");
  return parts.findLast((part) => part !== "") ?? "";
}

function applySgr(style: Style, parameters: string, base: Style): Style {
  const codes = parameters.split(/[;:]/).map((code) => (code === "" ? 0 : Number(code)));
  let next: Style = style;
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] ?? 0;
    if (code === 38 || code === 48) {
      const color = extendedColor(codes.slice(i + 1));
      if (color === undefined) return next;
      next = code === 38 ? { ...next, fg: color.color } : { ...next, bg: color.color };
      i += color.used;
    } else next = applyCode(next, code, base);
  }
  return next;
}

function extendedColor([kind, a, b, c]: readonly number[]): { readonly color: Color; readonly used: number } | undefined {
  if (kind === 5 && a !== undefined) return { color: { index: a & 0xff }, used: 2 };
  if (kind === 2 && a !== undefined && b !== undefined && c !== undefined) {
    return { color: { rgb: ((a & 0xff) << 16) | ((b & 0xff) << 8) | (c & 0xff) }, used: 4 };
  }
  return undefined;
}

const ATTRIBUTES: Readonly<Record<number, Style>> = {
  1: { bold: true },
  2: { dim: true },
  3: { italic: true },
  4: { underline: true },
  7: { reverse: true },
  9: { strike: true },
  23: { italic: undefined },
  24: { underline: undefined },
  27: { reverse: undefined },
  29: { strike: undefined },
};

function applyCode(style: Style, code: number, base: Style): Style {
  if (code === 0) return base;
  if (code === 22) return { ...style, bold: undefined, dim: base.dim };
  if (code === 39) return { ...style, fg: base.fg };
  if (code === 49) return { ...style, bg: base.bg };
  if (code >= 30 && code <= 37) return { ...style, fg: { index: code - 30 } };
  if (code >= 90 && code <= 97) return { ...style, fg: { index: code - 82 } };
  if (code >= 40 && code <= 47) return { ...style, bg: { index: code - 40 } };
  if (code >= 100 && code <= 107) return { ...style, bg: { index: code - 92 } };
  const attribute = ATTRIBUTES[code];
  return attribute === undefined ? style : { ...style, ...attribute };
}
