import type { Surface } from "../screen/surface.ts";

export interface ScrollPosition {
  readonly above: number;
  readonly total: number;
  readonly focused: boolean;
}

/** A thumb in the last column, as long as the part that is seen. Nothing when all is seen. */
export function drawScrollbar(surface: Surface, { above, total, focused }: ScrollPosition): void {
  const { width, height } = surface;
  if (total <= height || height < 2) return;
  const size = Math.max(1, Math.round((height * height) / total));
  const top = Math.round(((height - size) * above) / Math.max(1, total - height));
  for (let y = 0; y < height; y++) {
    const inThumb = y >= top && y < top + size;
    surface.write(width - 1, y, [{ text: inThumb ? "┃" : "│", style: { fg: inThumb && focused ? "accent" : "border" } }]);
  }
}
