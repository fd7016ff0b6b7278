import type { ColorToken } from "./style.ts";

export type ColorDepth = "none" | "16" | "256" | "true";

export const THEME_NAMES = ["dark", "light", "high-contrast", "ansi"] as const;

/** "auto" in a configuration means dark or light, by what the terminal says its background is. */
export type ThemeName = (typeof THEME_NAMES)[number];

/**
 * A colour of a theme: which of the terminal's 16 it is, with true colour 0xRRGGBB, with 256 the nearest to that or the one of `indexed`;
 * null = the terminal's own.
 */
export type ThemeColor = { readonly basic: number; readonly rgb?: number; readonly indexed?: number } | null;

export type Theme = Readonly<Record<ColorToken, ThemeColor>>;

/** Readable on whatever palette the terminal has: nothing but its own 16 colours. */
const ansi: Theme = {
  text: null,
  muted: { basic: 8 },
  accent: { basic: 6 },
  user: { basic: 6 },
  agent: { basic: 5 },
  command: { basic: 5 },
  tool: { basic: 5 },
  success: { basic: 2 },
  warning: { basic: 3 },
  danger: { basic: 1 },
  selection: { basic: 4 },
  selectionText: { basic: 15 },
  border: { basic: 8 },
  borderFocused: { basic: 3 },
  heading: { basic: 6 },
  link: { basic: 4 },
  code: { basic: 3 },
  quote: { basic: 8 },
  added: { basic: 2 },
  removed: { basic: 1 },
  addedBackground: null,
  removedBackground: null,
  addedWord: null,
  removedWord: null,
  searchMatch: { basic: 3 },
  syntaxKeyword: { basic: 5 },
  syntaxString: { basic: 2 },
  syntaxNumber: { basic: 3 },
  syntaxComment: { basic: 8 },
  syntaxType: { basic: 6 },
  syntaxFunction: { basic: 4 },
  syntaxVariable: null,
};

const dark: Theme = shade({
  muted: 0x8b949e,
  accent: 0x79c0ff,
  user: 0x56d4dd,
  agent: 0xd2a8ff,
  command: 0xd2a8ff,
  tool: 0xd2a8ff,
  success: 0x56d364,
  warning: 0xe3b341,
  danger: 0xff7b72,
  selection: 0x264f78,
  selectionText: 0xffffff,
  border: 0x6e7681,
  borderFocused: 0xe3b341,
  heading: 0x79c0ff,
  link: 0x58a6ff,
  code: 0xffc680,
  quote: 0x8b949e,
  added: 0x56d364,
  removed: 0xff7b72,
  addedBackground: [0x12301c, 22],
  removedBackground: [0x3b1519, 52],
  addedWord: [0x1f5c33, 28],
  removedWord: [0x77232a, 88],
  searchMatch: 0x6b5300,
  syntaxKeyword: 0xff7b72,
  syntaxString: 0xa5d6ff,
  syntaxNumber: 0x79c0ff,
  syntaxComment: 0x8b949e,
  syntaxType: 0xffa657,
  syntaxFunction: 0xd2a8ff,
});

const light: Theme = shade({
  muted: 0x59636e,
  accent: 0x0550ae,
  user: 0x0f6b75,
  agent: 0x7a3fc4,
  command: 0x7a3fc4,
  tool: 0x7a3fc4,
  success: 0x116329,
  warning: 0x7d4e00,
  danger: 0xb3161b,
  selection: 0xb6d7ff,
  selectionText: 0x1f2328,
  border: 0x818b98,
  borderFocused: 0x9a6700,
  heading: 0x0550ae,
  link: 0x0550ae,
  code: 0x8a3b00,
  quote: 0x59636e,
  added: 0x116329,
  removed: 0xb3161b,
  addedBackground: [0xdcf8e2, 194],
  removedBackground: [0xffe6e4, 224],
  addedWord: [0xa8eab8, 157],
  removedWord: [0xffbdb8, 217],
  searchMatch: 0xffe27a,
  syntaxKeyword: 0xb3161b,
  syntaxString: 0x0a3069,
  syntaxNumber: 0x0550ae,
  syntaxComment: 0x59636e,
  syntaxType: 0x8a3b00,
  syntaxFunction: 0x6639ba,
});

const highContrast: Theme = {
  ...shade({ selection: 0xffff00, selectionText: 0x000000, searchMatch: 0x805f00 }),
  muted: null,
  border: null,
  quote: null,
  syntaxComment: null,
  accent: { basic: 14 },
  user: { basic: 14 },
  agent: { basic: 13 },
  command: { basic: 13 },
  tool: { basic: 13 },
  success: { basic: 10 },
  warning: { basic: 11 },
  danger: { basic: 9 },
  borderFocused: { basic: 11 },
  heading: { basic: 14 },
  link: { basic: 12 },
  code: { basic: 11 },
  added: { basic: 10 },
  removed: { basic: 9 },
};

/** The themes by name. */
export const THEMES: Readonly<Record<ThemeName, Theme>> = { dark, light, "high-contrast": highContrast, ansi };

/** "light" for backgrounds that dark text reads better on; by relative luminance. */
export function themeForBackground(rgb: number): "dark" | "light" {
  const luminance = 0.2126 * ((rgb >> 16) & 255) + 0.7152 * ((rgb >> 8) & 255) + 0.0722 * (rgb & 255);
  return luminance > 140 ? "light" : "dark";
}

/** The ansi theme with real colours where the terminal has them; in pairs the colour of 256, where the nearest would be a plain grey. */
function shade(colors: Partial<Readonly<Record<ColorToken, number | readonly [rgb: number, indexed: number]>>>): Theme {
  const shaded = Object.entries(colors).map(([token, color]) => {
    const basic = ansi[token as ColorToken]?.basic ?? -1;
    return [token, typeof color === "number" ? { basic, rgb: color } : { basic, rgb: color[0], indexed: color[1] }];
  });
  return { ...ansi, ...(Object.fromEntries(shaded) as Partial<Theme>) };
}
