import { MemoryDriver } from "../driver/memory-driver.ts";
import type { Clock } from "@codex/core";
import type { Surface } from "../screen/surface.ts";
import type { Style } from "../screen/style.ts";
import { createVirtualHistory, type VirtualHistory } from "../screen/virtual-history.ts";
import { createTerminal, type Terminal } from "../terminal.ts";
import { lineOf, type Line } from "../text/line.ts";
import { textWidth } from "../text/width.ts";

/** Rows of composer and footer. */
const BOTTOM = 6;
const DIM: Style = { fg: "muted", dim: true };
const BORDER: Style = { fg: "border" };

export interface EngineScenarioOptions {
  readonly columns: number;
  readonly rows: number;
  /** Lines of history from the start. */
  readonly lines: number;
  readonly clock: Pick<Clock, "monotonic" | "timer">;
}

/**
 * The engine under a stand-in for the interface: a long history, a composer with a border, a footer. Every step returns after its frame
 * with the bytes that were written.
 */
export interface EngineScenario {
  readonly driver: MemoryDriver;
  /** Types a character. */
  key(character: string): Promise<string>;
  /** Adds a line to the history, which follows its end. */
  append(): Promise<string>;
  /** Turns a page up. */
  page(): Promise<string>;
  /** Moves an animation by a step. */
  tick(): Promise<string>;
  resize(columns: number, rows: number): Promise<string>;
  close(): void;
}

export function createEngineScenario({ columns, rows, lines, clock }: EngineScenarioOptions): EngineScenario {
  const driver = new MemoryDriver({ size: { columns, rows } });
  const view = new ScenarioView(lines, columns, rows);
  const terminal: Terminal = createTerminal({
    driver,
    clock,
    paint: (surface) => view.paint(surface),
    onEvent: (event) => {
      if (event.kind === "key") view.key(event.name, event.text ?? "");
      if (event.kind === "resize") view.resize(event.columns, event.rows);
    },
  });
  terminal.open();
  driver.type("\u001b[?2026;2$y");
  const frame = async (act: () => void): Promise<string> => {
    driver.take();
    act();
    // The frame is a microtask of this tick.
    await Promise.resolve();
    await Promise.resolve();
    return driver.take();
  };
  const changed = (act: () => void): Promise<string> =>
    frame(() => {
      act();
      driver.type("\u001b[I");
    });
  return {
    driver,
    key: (character) => frame(() => driver.type(character)),
    append: () => changed(() => view.append()),
    page: () => frame(() => driver.type("\u001b[5~")),
    tick: () => changed(() => view.tick()),
    resize: (width, height) => frame(() => driver.resize(width, height)),
    close: () => terminal.close(),
  };
}

/** What the scenario shows. */
class ScenarioView {
  readonly #texts: string[];
  readonly #history: VirtualHistory;
  #width: number;
  #draft = "";
  #ticks = 0;
  #rows: number;

  constructor(lines: number, columns: number, rows: number) {
    this.#width = columns;
    this.#rows = rows;
    this.#texts = Array.from({ length: lines }, (_, index) => textOf(index));
    this.#history = createVirtualHistory({ measure: (index, width) => wrap(this.#texts[index] ?? "", width).length });
    for (const text of this.#texts) this.#history.append(text.length);
    this.#history.resize(columns, rows - BOTTOM);
  }

  key(name: string, text: string): void {
    if (name === "pageup") this.#history.scrollBy(BOTTOM - this.#rows);
    else this.#draft = this.#draft.length < 60 ? this.#draft + text : text;
  }

  append(): void {
    const text = textOf(this.#texts.length);
    this.#texts.push(text);
    this.#history.append(text.length);
  }

  tick(): void {
    this.#ticks += 1;
  }

  resize(columns: number, rows: number): void {
    this.#width = columns;
    this.#rows = rows;
    this.#history.resize(columns, rows - BOTTOM);
  }

  paint(surface: Surface): void {
    const { width, height } = surface;
    const history = surface.sub({ x: 0, y: 0, width, height: height - BOTTOM });
    for (const { index, top } of this.#history.window().items)
      wrap(this.#texts[index] ?? "", this.#width).forEach((line, row) => history.write(0, top + row, line));
    const bottom = surface.sub({ x: 0, y: height - BOTTOM, width, height: BOTTOM });
    bottom.write(0, 0, [{ text: `Working ${[".  ", ".. ", "..."][this.#ticks % 3] ?? ""} ${this.#ticks}s`, style: { bold: true } }]);
    bottom.write(0, 1, lineOf(`╭${"─".repeat(Math.max(0, width - 2))}╮`, BORDER));
    for (const y of [2, 3])
      bottom.write(0, y, [{ text: "│", style: BORDER }, { text: " ".repeat(Math.max(0, width - 2)) }, { text: "│", style: BORDER }]);
    bottom.write(0, 4, lineOf(`╰${"─".repeat(Math.max(0, width - 2))}╯`, BORDER));
    bottom.write(2, 2, this.#draft);
    bottom.write(1, 5, lineOf("gpt-5 · on-request · workspace-write · 12,345 tokens", DIM));
    bottom.placeCursor(2 + textWidth(this.#draft), 2);
  }
}

/** A line as agents write them: mostly ASCII, some styled, some wide. */
function textOf(index: number): string {
  const words = ["reads", "the", "file", "and", "writes", "packages/core/src/turn.ts", "日本語", "again", "✓", "passed", "12 of 40"];
  return Array.from({ length: 4 + ((index * 7) % 20) }, (_, place) => words[(index * 3 + place * (1 + (index % 5))) % words.length]).join(
    " ",
  );
}

function wrap(text: string, width: number): Line[] {
  const rows: Line[] = [];
  for (let start = 0; start < text.length || rows.length === 0; start += Math.max(1, width - 4))
    rows.push([
      { text: start === 0 ? "• " : "  ", style: DIM },
      { text: text.slice(start, start + Math.max(1, width - 4)), style: start === 0 ? undefined : { fg: "code" } },
    ]);
  return rows;
}
