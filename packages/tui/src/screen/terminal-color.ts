import type { Color } from "./style.ts";
import type { ColorDepth, Theme } from "./theme.ts";

/** A colour as the terminal is told: -1 = its own, 0 to 255 = of its palette, from `RGB_BASE` on = 0xRRGGBB. */
export type TerminalColor = number;

/** Added to 0xRRGGBB. */
const RGB_BASE = 0x1000000;

const DEFAULT: TerminalColor = -1;
const CUBE = [0, 95, 135, 175, 215, 255];
/** The usual colours of the first 16, to find the nearest. */
const BASIC = [
  0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff,
  0xff00ff, 0x00ffff, 0xffffff,
];

/** The nearest colour the terminal can show. */
export function terminalColor(color: Color | undefined, theme: Theme, depth: ColorDepth): TerminalColor {
  if (color === undefined || depth === "none") return DEFAULT;
  if (typeof color === "string") {
    const themed = theme[color];
    if (themed === null) return DEFAULT;
    if (themed.rgb === undefined || depth === "16") return themed.basic;
    return depth === "256" && themed.indexed !== undefined ? themed.indexed : nearest(themed.rgb, depth);
  }
  if ("rgb" in color) return nearest(color.rgb, depth);
  return depth === "16" && color.index > 15 ? nearestBasic(paletteRgb(color.index)) : color.index & 255;
}

/** The SGR parameters that choose it. */
export function colorParameters(color: TerminalColor, ground: "fg" | "bg"): string {
  const base = ground === "fg" ? 30 : 40;
  if (color < 0) return String(base + 9);
  if (color < 8) return String(base + color);
  if (color < 16) return String(base + 52 + color);
  if (color < RGB_BASE) return `${base + 8};5;${color}`;
  return `${base + 8};2;${(color >> 16) & 255};${(color >> 8) & 255};${color & 255}`;
}

function nearest(rgb: number, depth: ColorDepth): TerminalColor {
  if (depth === "true") return RGB_BASE + rgb;
  return depth === "256" ? nearestIndexed(rgb) : nearestBasic(rgb);
}

function nearestIndexed(rgb: number): number {
  const [red, green, blue] = [(rgb >> 16) & 255, (rgb >> 8) & 255, rgb & 255].map(cubeLevel) as [number, number, number];
  const cube = 16 + 36 * red + 6 * green + blue;
  const mean = (((rgb >> 16) & 255) + ((rgb >> 8) & 255) + (rgb & 255)) / 3;
  const gray = 232 + Math.min(23, Math.max(0, Math.round((mean - 8) / 10)));
  return distance(paletteRgb(gray), rgb) < distance(paletteRgb(cube), rgb) ? gray : cube;
}

function cubeLevel(value: number): number {
  return value < 48 ? 0 : value < 115 ? 1 : Math.min(5, Math.floor((value - 35) / 40));
}

function nearestBasic(rgb: number): number {
  let best = 0;
  BASIC.forEach((candidate, index) => {
    if (distance(candidate, rgb) < distance(BASIC[best] ?? 0, rgb)) best = index;
  });
  return best;
}

function paletteRgb(index: number): number {
  if (index < 16) return BASIC[index] ?? 0;
  if (index >= 232) return (8 + 10 * (index - 232)) * 0x010101;
  const level = (part: number): number => CUBE[part % 6] ?? 0;
  const cube = index - 16;
  return (level(Math.floor(cube / 36)) << 16) | (level(Math.floor(cube / 6)) << 8) | level(cube);
}

function distance(a: number, b: number): number {
  const red = ((a >> 16) & 255) - ((b >> 16) & 255);
  const green = ((a >> 8) & 255) - ((b >> 8) & 255);
  const blue = (a & 255) - (b & 255);
  return red * red * 2 + green * green * 4 + blue * blue * 3;
}
