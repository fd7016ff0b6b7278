import { describe, expect, test } from "vitest";
import type { ColorToken, Style } from "../../src/screen/style.ts";
import { StyleTable } from "../../src/screen/style-table.ts";
import { THEME_NAMES, THEMES, themeForBackground, type ColorDepth } from "../../src/screen/theme.ts";

function sgr(style: Style, depth: ColorDepth = "true", from: Style = {}): string {
  const table = new StyleTable(THEMES.dark, depth);
  return table.transition(table.intern(from), table.intern(style)).replaceAll("\u001b", "^");
}

describe("the bytes of a style", () => {
  test("hold as many colours as the terminal has", () => {
    const style: Style = { fg: { rgb: 0xff8000 }, bg: "addedBackground" };
    expect([sgr(style), sgr(style, "256"), sgr(style, "16"), sgr(style, "none")]).toEqual([
      "^[38;2;255;128;0;48;2;18;48;28m",
      "^[38;5;208;48;5;22m",
      "^[33m",
      "",
    ]);
    expect([sgr({ fg: { index: 9 } }, "16"), sgr({ fg: { index: 196 } }, "16"), sgr({ bg: { index: 4 } })]).toEqual([
      "^[91m",
      "^[91m",
      "^[44m",
    ]);
  });

  test("lead from one style to another by the shorter way", () => {
    expect(sgr({ bold: true }, "true", { bold: true, dim: true })).toBe("^[0;1m");
    expect(sgr({ fg: { rgb: 1 } }, "true", { fg: { rgb: 1 }, italic: true })).toBe("^[23m");
    expect(sgr({}, "true", { fg: "accent", bold: true, underline: true })).toBe("^[m");
    expect(sgr({ fg: { index: 1 } }, "true", { fg: { index: 2 } })).toBe("^[31m");
    expect(sgr({ bold: true }, "true", { bold: true })).toBe("");
  });

  test("without colours still show what is selected, found or changed", () => {
    expect([sgr({ bg: "selection" }, "none"), sgr({ bg: "searchMatch" }, "none"), sgr({ bg: "addedWord" }, "none")]).toEqual([
      "^[7m",
      "^[7m",
      "^[4m",
    ]);
  });

  test("hold a link only if it is one", () => {
    expect(sgr({ link: "https://example.org" })).toBe("^]8;;https://example.org^\\");
    expect(sgr({}, "true", { link: "https://example.org" })).toBe("^]8;;^\\");
    expect(sgr({ link: "https://example.org/\u0007\u001b[2J" })).toBe("");
  });
});

test("a span's style is laid over the surface's", () => {
  const table = new StyleTable(THEMES.dark, "true");
  const merged = table.merge(table.intern({ bg: { index: 4 }, bold: true }), table.intern({ fg: { index: 1 }, bold: false }));
  expect(merged).toBe(table.intern({ bg: { index: 4 }, bold: false, fg: { index: 1 } }));
});

test("every text colour of dark and light stands out from the usual backgrounds by 4.5 to 1, muted ones by 3 to 1", () => {
  const quiet = new Set<ColorToken>(["border", "muted", "quote", "syntaxComment"]);
  const backgrounds = new Set<ColorToken>(["selection", "addedBackground", "removedBackground", "addedWord", "removedWord", "searchMatch"]);
  const faults: string[] = [];
  for (const [name, behind] of [["dark", 0x1e1e1e] as const, ["light", 0xffffff] as const])
    for (const [token, color] of Object.entries(THEMES[name]) as [ColorToken, { readonly rgb?: number } | null][]) {
      if (color?.rgb === undefined || backgrounds.has(token) || token === "selectionText") continue;
      const contrast = contrastOf(color.rgb, behind);
      if (contrast < (quiet.has(token) ? 3 : 4.5)) faults.push(`${name} ${token} ${contrast.toFixed(1)}`);
    }
  expect(faults).toEqual([]);
});

test("text on the backgrounds of changes stays readable", () => {
  for (const name of ["dark", "light"] as const) {
    const rgb = (token: ColorToken): number => (THEMES[name][token] as { readonly rgb: number }).rgb;
    for (const [text, behind] of [
      ["added", "addedBackground"],
      ["removed", "removedBackground"],
      ["selectionText", "selection"],
    ] as const)
      expect(contrastOf(rgb(text), rgb(behind)), `${name} ${text}`).toBeGreaterThan(4.5);
  }
});

test("the theme for a background is the one that is readable on it", () => {
  expect([0x000000, 0x1e1e2e, 0x002b36, 0xfdf6e3, 0xffffff].map(themeForBackground)).toEqual(["dark", "dark", "dark", "light", "light"]);
  expect(THEME_NAMES).toEqual(Object.keys(THEMES));
});

/** As WCAG counts it. */
function contrastOf(a: number, b: number): number {
  const [high, low] = [luminance(a), luminance(b)].sort((first, second) => second - first) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function luminance(rgb: number): number {
  const [red, green, blue] = [16, 8, 0].map((shift) => {
    const value = ((rgb >> shift) & 255) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
