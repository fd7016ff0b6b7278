import type { Color, Style } from "./style.ts";
import type { ColorDepth, Theme } from "./theme.ts";
import { colorParameters, terminalColor, type TerminalColor } from "./terminal-color.ts";

const FLAGS = [
  { key: "bold", on: "1", off: "22" },
  { key: "dim", on: "2", off: "22" },
  { key: "italic", on: "3", off: "23" },
  { key: "underline", on: "4", off: "24" },
  { key: "reverse", on: "7", off: "27" },
  { key: "strike", on: "9", off: "29" },
] as const;

/** What tells a blank cell of this style from the terminal's own blank. */
const SHOWN_ON_BLANKS = flagBit("underline") | flagBit("reverse") | flagBit("strike");

interface Resolved {
  readonly style: Style;
  readonly fg: TerminalColor;
  readonly bg: TerminalColor;
  /** A bit for each of FLAGS. */
  readonly flags: number;
  readonly link: string;
}

/** Styles as small numbers, and the bytes that lead from one to another. 0 is the plain style. */
export class StyleTable {
  readonly #theme: Theme;
  readonly #depth: ColorDepth;
  readonly #resolved: Resolved[] = [];
  readonly #byKey = new Map<string, number>();
  readonly #byObject = new WeakMap<Style, number>();
  readonly #merged = new Map<number, number>();
  readonly #transitions = new Map<number, string>();

  constructor(theme: Theme, depth: ColorDepth) {
    this.#theme = theme;
    this.#depth = depth;
    this.intern({});
  }

  get size(): number {
    return this.#resolved.length;
  }

  intern(style: Style): number {
    const known = this.#byObject.get(style);
    if (known !== undefined) return known;
    const id = this.#add(style);
    this.#byObject.set(style, id);
    return id;
  }

  /** The style of a span on a surface: what the span leaves out is the surface's. */
  merge(surface: number, span: number): number {
    if (surface === 0) return span;
    if (span === 0) return surface;
    const key = surface * 0x10000 + span;
    const known = this.#merged.get(key);
    if (known !== undefined) return known;
    const id = this.#add({ ...this.#get(surface).style, ...defined(this.#get(span).style) });
    this.#merged.set(key, id);
    return id;
  }

  isLink(id: number): boolean {
    return this.#get(id).link !== "";
  }

  /** A blank of this style looks like one that erasing leaves behind, on a terminal that erases with the background colour or, without `bg`, on all. */
  erasable(id: number): "always" | "with-background" | "never" {
    const { flags, bg, link } = this.#get(id);
    if ((flags & SHOWN_ON_BLANKS) !== 0 || link !== "") return "never";
    return bg < 0 ? "always" : "with-background";
  }

  /** The shortest bytes after which text has style `to`, when it had `from`. */
  transition(from: number, to: number): string {
    if (from === to) return "";
    const key = from * 0x10000 + to;
    const known = this.#transitions.get(key);
    if (known !== undefined) return known;
    const bytes = changeOf(this.#get(from), this.#get(to));
    this.#transitions.set(key, bytes);
    return bytes;
  }

  #get(id: number): Resolved {
    const resolved = this.#resolved[id];
    if (resolved === undefined) throw new Error(`style ${id} is not in the table`);
    return resolved;
  }

  #add(style: Style): number {
    // Merging needs to know which properties were given, even where the terminal shows no difference.
    const key = JSON.stringify(style);
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    this.#byKey.set(key, this.#resolved.length);
    this.#resolved.push(this.#resolve(style));
    return this.#resolved.length - 1;
  }

  #resolve(style: Style): Resolved {
    const bg = terminalColor(style.bg, this.#theme, this.#depth);
    return {
      style,
      fg: terminalColor(style.fg, this.#theme, this.#depth),
      bg,
      flags: FLAGS.reduce((flags, { key }) => (style[key] === true ? flags | flagBit(key) : flags), bg < 0 ? backgroundFlags(style.bg) : 0),
      link: style.link === undefined || /[^\x21-\x7e]/.test(style.link) ? "" : style.link,
    };
  }
}

function defined(style: Style): Style {
  return Object.fromEntries(Object.entries(style).filter(([, value]) => value !== undefined));
}

/** How a background that carries meaning is shown where it has no colour. */
function backgroundFlags(bg: Color | undefined): number {
  if (bg === "selection" || bg === "searchMatch") return flagBit("reverse");
  return bg === "addedWord" || bg === "removedWord" ? flagBit("underline") : 0;
}

function flagBit(key: (typeof FLAGS)[number]["key"]): number {
  return 1 << FLAGS.findIndex((flag) => flag.key === key);
}

function changeOf(from: Resolved, to: Resolved): string {
  const fromReset = ["0", ...switchedOn(0, to.flags), ...colorChange({ fg: -1, bg: -1 }, to)].join(";");
  const stepwise = [...switched(from.flags, to.flags), ...colorChange(from, to)].join(";");
  const sgr = stepwise === "" ? "" : `\u001b[${isPlain(to) ? "" : fromReset.length < stepwise.length ? fromReset : stepwise}m`;
  const link = from.link === to.link ? "" : `\u001b]8;;${to.link}\u001b\\`;
  return sgr + link;
}

function isPlain({ fg, bg, flags }: Resolved): boolean {
  return fg < 0 && bg < 0 && flags === 0;
}

/** Bold and dim are switched off together. */
function switched(from: number, to: number): string[] {
  const off = new Set(FLAGS.filter(({ key }) => (from & ~to & flagBit(key)) !== 0).map(({ off }) => off));
  const lost = off.has("22") ? from & ~(flagBit("bold") | flagBit("dim")) : from;
  return [...off, ...switchedOn(lost, to)];
}

function switchedOn(from: number, to: number): string[] {
  return FLAGS.filter(({ key }) => (to & ~from & flagBit(key)) !== 0).map(({ on }) => on);
}

function colorChange(from: Pick<Resolved, "fg" | "bg">, to: Resolved): string[] {
  return [...(from.fg === to.fg ? [] : [colorParameters(to.fg, "fg")]), ...(from.bg === to.bg ? [] : [colorParameters(to.bg, "bg")])];
}
