import type { Style } from "../screen/style.ts";
import { textWidth } from "./width.ts";

/** Text in one style. It holds no line break; other control characters are shown as a replacement character. */
export interface Span {
  readonly text: string;
  readonly style?: Style | undefined;
}

/** One row of the screen at most. What is longer than the surface is cut. */
export type Line = readonly Span[];

/** A line of one span. */
export function lineOf(text: string, style?: Style): Line {
  return [{ text, style }];
}

/** The line's text without its styles. */
export function plainText(line: Line): string {
  return line.length === 1 ? (line[0]?.text ?? "") : line.map(({ text }) => text).join("");
}

/** How many cells the line takes. */
export function lineWidth(line: Line): number {
  return line.reduce((width, { text }) => width + textWidth(text), 0);
}
