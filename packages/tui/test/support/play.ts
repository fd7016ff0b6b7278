import type { Event, EventMsg } from "@codex/core";
import { diffWordsWithSpace } from "diff";
import { lexer } from "marked";
import type { TextTools } from "../../src/cells/render-context.ts";
import type { InputEvent, KeyEvent } from "../../src/input/event.ts";
import { makeKeymap } from "../../src/input/keymap.ts";
import { Screen } from "../../src/screen/screen.ts";
import type { ColorDepth } from "../../src/screen/theme.ts";
import { createVirtualHistory } from "../../src/screen/virtual-history.ts";
import type { Effect } from "../../src/state/effect.ts";
import { initialState } from "../../src/state/initial-state.ts";
import { BINDINGS } from "../../src/state/key-table.ts";
import type { Message } from "../../src/state/message.ts";
import type { State } from "../../src/state/model.ts";
import { update } from "../../src/state/update.ts";
import { diffViewLines } from "../../src/views/diff-view-lines.ts";
import { drawScreen } from "../../src/views/draw-screen.ts";
import { helpLines, keymapLines } from "../../src/views/help-lines.ts";
import { HistoryPane } from "../../src/views/history-pane.ts";
import { LinesPane } from "../../src/views/lines-pane.ts";
import { QuestionPane, readsQuestion } from "../../src/views/question-pane.ts";
import type { ScrollPane } from "../../src/views/scroll-pane.ts";
import { mcpLines } from "../../src/views/mcp-lines.ts";
import { statusLines } from "../../src/views/status-lines.ts";
import { feed, virtualTerminal } from "../screen/virtual-terminal.ts";

const TOOLS: TextTools = { lexer, highlight: undefined, diffWords: diffWordsWithSpace, highlightDiff: undefined };

/** The whole interface without a terminal: messages in, effects collected, frames on demand. Time moves by hand. */
export class Play {
  state: State;
  readonly effects: Effect[] = [];
  now = 1000;
  tools: TextTools = TOOLS;
  readonly #history = new HistoryPane({ makeHistory: createVirtualHistory });
  readonly #question = new QuestionPane();

  constructor(columns = 80, rows = 24) {
    const { keymap } = makeKeymap(BINDINGS);
    this.state = initialState({
      size: { columns, rows },
      settings: { theme: "auto", reducedMotion: false, screenReader: false, keymap },
      facts: { version: "1.0.0", cwd: "/home/me/shop", home: "/home/me" },
      now: this.now,
    });
  }

  send(...messages: readonly Message[]): this {
    for (const message of messages) {
      const step = update({ ...this.state, now: this.now }, message);
      this.state = step.state;
      this.effects.push(...step.effects);
      for (const effect of step.effects) {
        if (effect.type === "scroll" && effect.to === "end") this.#history.scrollToEnd();
        const reading = readsQuestion(this.state, this.#question) ? this.#question : this.#history;
        if (effect.type === "show_cell") this.#history.showCell(effect.id);
        if (effect.type === "scroll_rows") reading.scrollBy(effect.rows);
        if (effect.type === "scroll_pages") reading.scrollPages(effect.pages);
      }
    }
    return this;
  }

  input(event: InputEvent): this {
    return this.send({ type: "input", event });
  }

  events(...msgs: readonly EventMsg[]): this {
    return this.send(...msgs.map((msg): Message => ({ type: "event", event: { id: "1", msg } satisfies Event })));
  }

  /** Types text, or presses keys named as in the key table: `press("ctrl-c", "enter")`. */
  type(text: string): this {
    for (const character of text) this.input(keyOf(character === " " ? "space" : character));
    return this;
  }

  press(...names: readonly string[]): this {
    for (const name of names) this.input(keyOf(name));
    return this;
  }

  after(ms: number): this {
    this.now += ms;
    return this.send({ type: "tick" });
  }

  /** A session that is ready, the card of which stands on top. */
  ready(): this {
    return this.send({
      type: "event",
      event: {
        id: "0",
        msg: {
          type: "session_configured",
          session_id: "0198f0c2-7a5e-7c1d-9f00-3b1c5e7a9d11",
          model: "gpt-5.5",
          provider: "openai",
          cwd: "/home/me/shop",
          approval_policy: "on-request",
          sandbox_policy: {
            permissions: [
              "disk-full-read-access",
              "disk-write-platform-user-temp-folder",
              "disk-write-platform-global-temp-folder",
              "disk-write-cwd",
            ],
          },
          rollout_path: "/home/me/.codex/sessions/rollout-1.jsonl",
        },
      },
    }).send({ type: "facts", facts: { branch: "main" } });
  }

  submitted(): string[] {
    return this.effects.flatMap((effect) => (effect.type === "submit" ? [JSON.stringify(effect.op)] : []));
  }

  /** The frame as text, without blanks at the ends of rows. */
  async frame(colorDepth: ColorDepth = "true"): Promise<string> {
    const { bytes } = this.paint(colorDepth);
    const { columns, rows } = this.state.size;
    const terminal = virtualTerminal(columns, rows);
    await feed(terminal, bytes);
    const lines = Array.from({ length: rows }, (_, row) => terminal.buffer.active.getLine(row)?.translateToString(true) ?? "");
    return `\n${lines.join("\n")}\n`;
  }

  /** The frame as what a terminal is sent. */
  paint(colorDepth: ColorDepth): { readonly bytes: string } {
    const { columns, rows } = this.state.size;
    const screen = new Screen({ theme: "dark", colorDepth, inline: false, backgroundErase: true });
    screen.start(columns, rows);
    const { state } = this;
    const context = {
      width: columns - 3,
      now: state.now,
      tick: state.tick,
      cwd: state.facts.cwd,
      home: state.facts.home,
      full: false,
      tools: this.tools,
    };
    this.#history.sync(state.history, state.live, context);
    const overlay = this.#overlayPane();
    if (overlay instanceof HistoryPane) overlay.sync(state.history, state.live, { ...context, full: true });
    return { bytes: screen.draw((surface) => drawScreen(surface, state, { history: this.#history, overlay, question: this.#question })) };
  }

  #overlayPane(): ScrollPane | undefined {
    switch (this.state.overlay?.type) {
      case undefined:
        return undefined;
      case "transcript":
        return new HistoryPane({ makeHistory: createVirtualHistory });
      case "diff":
        return new LinesPane((width) => diffViewLines(this.state.overlay?.text ?? "", width, this.tools));
      case "help":
        return new LinesPane((width) => helpLines(this.state, width));
      case "keymap":
        return new LinesPane((width) => keymapLines(this.state, width));
      case "status":
        return new LinesPane((width) => statusLines(this.state, width));
      case "mcp":
        return new LinesPane((width) => mcpLines(this.state, width));
    }
  }
}

/** The event of a key: `a`, `?`, `enter`, `ctrl-c`, `alt-enter`, `shift-tab`. */
function keyOf(name: string): KeyEvent {
  const parts = name.length > 1 ? name.split("-") : [name];
  const key = parts.at(-1) ?? "";
  const modifiers = parts.slice(0, -1);
  const [ctrl, alt] = [modifiers.includes("ctrl"), modifiers.includes("alt")];
  const shift = modifiers.includes("shift") || (key.length === 1 && key !== key.toLowerCase());
  return { kind: "key", name: key.toLowerCase(), ctrl, alt, shift, ...(ctrl || alt ? {} : typed(key)) };
}

function typed(key: string): { readonly text?: string } {
  if (key === "space") return { text: " " };
  return Array.from(key).length === 1 ? { text: key } : {};
}
