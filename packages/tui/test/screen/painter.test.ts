import type { Terminal } from "@xterm/headless";
import { describe, expect, test } from "vitest";
import { Screen } from "../../src/screen/screen.ts";
import type { Style } from "../../src/screen/style.ts";
import type { Surface } from "../../src/screen/surface.ts";
import { feed, virtualTerminal } from "./virtual-terminal.ts";

describe("what the terminal shows is what was drawn", () => {
  for (const [name, options] of Object.entries({
    "with everything": { synchronized: true, backgroundErase: true },
    "without synchronized output and erasing in colour": { synchronized: false, backgroundErase: false },
  }))
    test(`over random frames, ${name}`, { timeout: 300_000 }, async () => {
      const random = seeded(options.synchronized ? 7 : 8);
      let [columns, rows] = [60, 20];
      const terminal = virtualTerminal(columns, rows);
      const screen = new Screen({ theme: "dark", colorDepth: "true", inline: false, backgroundErase: options.backgroundErase });
      screen.painter.synchronized = options.synchronized;
      screen.start(columns, rows);
      let lines: Piece[][] = [];
      for (let frame = 0; frame < 1500; frame++) {
        if (random(60) === 0) {
          columns = 5 + random(100);
          rows = 1 + random(40);
          terminal.resize(columns, rows);
          screen.forget(columns, rows);
        }
        lines = nextLines(lines, { rows, columns, random });
        const caret = random(3) === 0 ? undefined : { x: random(columns), y: random(rows) };
        const bytes = screen.draw((surface) => {
          drawPieces(surface, lines);
          if (caret !== undefined) surface.placeCursor(caret.x, caret.y);
        });
        await feed(terminal, bytes);
        const differences = compare(terminal, screen);
        expect(differences, `frame ${frame}, ${columns}x${rows}: ${JSON.stringify(bytes)}`).toEqual([]);
        if (frame % 25 === 0) expect(await looks(terminal, screen, lines)).toEqual([]);
        if (caret !== undefined) expect([terminal.buffer.active.cursorX, terminal.buffer.active.cursorY]).toEqual([caret.x, caret.y]);
      }
    });
});

interface Piece {
  readonly x: number;
  readonly text: string;
  readonly style: Style;
}

const ALPHABETS = [
  ["a", "b", "c", " ", "x", "é", "ß", "─", "│", "█"],
  ["日", "本", "한", "あ", "カ", "、", "Ａ", " "],
  ["👍", "🐢", "👨‍👩‍👧", "🇯🇵", "🇩", "❤️", "❤", "1️⃣", "👍🏽", "🫠", "🏽", "\u200d"],
  ["e\u0301", "क्षि", "สวั", "ี", "กำ", "\u0301", "ا", "ש", "각", "ᄀ", "ᅡ", "ᆨ", "\u0600", "✓", "●", "…"],
  ["\u001b[31m", "\t", "\u0007", "\u202e", "\u200b", "\u00ad", "\u009b"],
];

const STYLES: readonly Style[] = [
  {},
  { bold: true },
  { dim: true, fg: "muted" },
  { fg: "accent", italic: true },
  { bg: "addedBackground" },
  { bg: "selection", fg: { rgb: 0x102030 }, underline: true },
  { fg: { index: 200 }, bg: { index: 3 }, reverse: true, strike: true },
  { bold: true, link: "https://example.org/a" },
];

function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

interface Space {
  readonly rows: number;
  readonly columns: number;
  readonly random: (below: number) => number;
}

/** A small change, a scroll, or something else entirely. */
function nextLines(lines: readonly Piece[][], { rows, columns, random }: Space): Piece[][] {
  const fresh = (): Piece[] => Array.from({ length: random(4) }, () => piece(columns, random));
  if (lines.length !== rows || random(12) === 0) return Array.from({ length: rows }, fresh);
  const next = lines.map((line) => [...line]);
  const change = random(4);
  if (change === 0) {
    const count = 1 + random(5);
    next.splice(random(rows), 0, ...Array.from({ length: count }, fresh));
    next.splice(random(rows), count);
  } else if (change === 1) {
    const count = Math.min(rows, 1 + random(5));
    next.splice(random(rows - count + 1), count);
  } else for (let count = random(4); count > 0; count--) next[random(rows)]?.push(piece(columns, random));
  while (next.length < rows) next.push(fresh());
  return next.slice(0, rows);
}

function piece(columns: number, random: (below: number) => number): Piece {
  const alphabet = ALPHABETS[random(3) === 0 ? random(ALPHABETS.length) : random(2)] ?? [];
  const text = Array.from({ length: 1 + random(20) }, () => alphabet[random(alphabet.length)]).join("");
  return { x: random(columns + 6) - 3, text: random(8) === 0 ? " ".repeat(columns) : text, style: STYLES[random(STYLES.length)] ?? {} };
}

function drawPieces(surface: Surface, lines: readonly Piece[][]): void {
  lines.forEach((line, y) => {
    for (const { x, text, style } of line) surface.write(x, y, [{ text, style }]);
  });
}

/** Cells whose colours or attributes differ from those of a new terminal that was painted once. */
async function looks(terminal: Terminal, screen: Screen, lines: readonly Piece[][]): Promise<string[]> {
  const fresh = virtualTerminal(screen.width, screen.height);
  const painter = new Screen({ theme: "dark", colorDepth: "true", inline: false, backgroundErase: false });
  painter.start(screen.width, screen.height);
  await feed(
    fresh,
    painter.draw((surface) => drawPieces(surface, lines)),
  );
  const faults: string[] = [];
  for (let y = 0; y < screen.height; y++)
    for (let x = 0; x < screen.width; x++)
      if (look(terminal, x, y) !== look(fresh, x, y))
        faults.push(`${x},${y} ${JSON.stringify(screen.textAt(x, y))}: ${look(terminal, x, y)} instead of ${look(fresh, x, y)}`);
  fresh.dispose();
  return faults;
}

function look(terminal: Terminal, x: number, y: number): string {
  const { active } = terminal.buffer;
  const cell = active.getLine(active.baseY + y)?.getCell(x);
  if (cell === undefined) return "";
  const onBlank = [cell.getBgColorMode(), cell.getBgColor(), cell.isInverse(), cell.isUnderline(), cell.isStrikethrough()].map(Number);
  // Erased cells keep neither a foreground nor weight and slant, none of which a blank shows.
  if (cell.getChars().trim() === "" && onBlank.slice(2).every((flag) => flag === 0)) return onBlank.join();
  return [...onBlank, cell.getFgColorMode(), cell.getFgColor(), cell.isBold(), cell.isDim(), cell.isItalic()].map(Number).join();
}

/** Cells that differ in text. */
function compare(terminal: Terminal, screen: Screen): string[] {
  const { active } = terminal.buffer;
  const faults: string[] = [];
  const cell = active.getNullCell();
  for (let y = 0; y < screen.height; y++) {
    const line = active.getLine(active.baseY + y);
    for (let x = 0; x < screen.width; x++) {
      line?.getCell(x, cell);
      const shown = cell.getChars() === "" && cell.getWidth() === 1 ? " " : cell.getChars();
      const drawn = screen.textAt(x, y);
      if (shown !== drawn) faults.push(`${x},${y}: shown ${JSON.stringify(shown)}, drawn ${JSON.stringify(drawn)}`);
    }
  }
  return faults;
}
