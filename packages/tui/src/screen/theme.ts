import type { ColorToken } from "./style.ts";

export type ColorDepth = "none" | "16" | "256" | "true";

export const THEME_NAMES = ["dark", "light", "high-contrast", "ansi"] as const;

/** "auto" in a configuration means dark or light, by what the terminal says its background is. */
export type ThemeName = (typeof THEME_NAMES)[number];

export interface Theme {
  readonly name: ThemeName;
  readonly colors: Readonly<Record<ColorToken, ThemeColor>>;
}

/** A colour of a theme: 0xRRGGBB, and which of the terminal's 16 stands in for it; null = the terminal's own. */
export type ThemeColor = { readonly rgb: number; readonly basic: number } | { readonly basic: number } | null;
