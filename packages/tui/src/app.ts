import type { ApprovalPolicy, Clock } from "@codex/core";
import type { RenderContext, TextTools } from "./cells/render-context.ts";
import { NO_TOOLS } from "./cells/render-context.ts";
import { renderCell } from "./cells/render-cell.ts";
import type { Connection, SessionHandle } from "./connection.ts";
import type { EndSignal, Size } from "./driver/driver.ts";
import type { InputEvent } from "./input/event.ts";
import { makeKeymap } from "./input/keymap.ts";
import { EffectRunner } from "./run-effect.ts";
import type { Surface } from "./screen/surface.ts";
import { createVirtualHistory } from "./screen/virtual-history.ts";
import { mcpServerFacts } from "./services/mcp-server-facts.ts";
import { readBranch } from "./services/branch.ts";
import { isFinished } from "./state/cell.ts";
import { shortPath } from "./state/command-text.ts";
import { initialState } from "./state/initial-state.ts";
import { BINDINGS } from "./state/key-table.ts";
import type { Message } from "./state/message.ts";
import type { Facts } from "./state/facts.ts";
import type { Overlay, State } from "./state/model.ts";
import { queueFirst } from "./state/drafts.ts";
import { update } from "./state/update.ts";
import type { Voice } from "./screen-reader/voice.ts";
import { VIM } from "./vim/vim.ts";
import type { Terminal, TerminalOptions } from "./terminal.ts";
import type { Line } from "./text/line.ts";
import { loadTextTools } from "./text/text-tools.ts";
import { wrapText } from "./text/wrap.ts";
import { diffViewLines } from "./views/diff-view-lines.ts";
import { drawScreen, liveRows } from "./views/draw-screen.ts";
import { helpLines, keymapLines } from "./views/help-lines.ts";
import { HistoryPane } from "./views/history-pane.ts";
import { LinesPane } from "./views/lines-pane.ts";
import { QuestionPane, readsQuestion } from "./views/question-pane.ts";
import type { ScrollPane } from "./views/scroll-pane.ts";
import { mcpLines } from "./views/mcp-lines.ts";
import { statusLines } from "./views/status-lines.ts";

export interface AppOptions {
  /** Makes the terminal; nothing is drawn before `open`. */
  readonly makeTerminal: (view: Pick<TerminalOptions, "prepare" | "paint" | "onEvent" | "farewell">) => Terminal;
  readonly clock: Clock;
  readonly size: Size;
  readonly version: string;
  readonly cwd: string;
  readonly home: string;
  /** Loads the agent, after the first frame. A rejection ends the interface with it. */
  readonly connect: () => Promise<Connection>;
  /** Lets the user write in an editor of theirs; undefined when that failed. */
  readonly edit: (text: string) => Promise<string | undefined>;
  /** Sent as soon as there is a session. */
  readonly prompt?: string | undefined;
  /** What is finished goes to the terminal's own scrollback. */
  readonly inline?: boolean | undefined;
  /** Says everything in words, in the terminal's own scrollback; the terminal it is given has one row. */
  readonly voice?: Voice | undefined;
  /** Go on without asking when the folder is in no repository. */
  readonly skipGitCheck?: boolean | undefined;
}

/** How the interface ended: by the user, by a signal, or because its terminal is gone. */
export interface AppEnd {
  readonly by: "user" | "terminal" | EndSignal;
}

const MODES = ["read-only", "workspace-write", "danger-full-access"] as const;

/** Steps of the animation. ms. */
const TICK_MS = 125;
/** Rows of the conversation left on the normal screen. */
const FAREWELL_ROWS = 24;
/** How long a session may take to close once the terminal was given back. ms. */
const CLOSE_LIMIT_MS = 10_000;

/** The interface: messages in, one reducer, frames and effects out. */
export class App {
  readonly #options: AppOptions;
  readonly #terminal: Terminal;
  readonly #effects: EffectRunner;
  readonly #history: HistoryPane;
  readonly #question = new QuestionPane();
  readonly #ended: { readonly promise: Promise<void>; readonly resolve: () => void; readonly reject: (error: unknown) => void };
  #state: State;
  #tools: TextTools = NO_TOOLS;
  #toolsAsked = false;
  #overlay: { readonly type: Overlay["type"]; readonly pane: ScrollPane } | undefined;
  #session: SessionHandle | undefined;
  #connection: Connection | undefined;
  #unsubscribe: () => void = () => undefined;
  /** Hands over the text that came since the last frame. */
  #deliverHeld: (() => void) | undefined;
  #stopAnimation: (() => void) | undefined;
  #title = "";
  #endedBy: AppEnd["by"] = "user";
  /** The id of the last cell in the native scrollback; what stands there is never taken back. */
  #printed = 0;

  constructor(options: AppOptions) {
    this.#options = options;
    this.#ended = deferred();
    this.#terminal = options.makeTerminal({
      prepare: () => this.#takeHeld(),
      paint: (surface) => this.#paint(surface),
      onEvent: (event) => this.#take(event),
      farewell: () => this.#farewell(),
    });
    this.#history = new HistoryPane({ makeHistory: createVirtualHistory });
    const { version, cwd, home } = options;
    const spoken = options.voice !== undefined;
    const settings = { theme: "auto", reducedMotion: spoken, screenReader: spoken, keymap: makeKeymap(BINDINGS).keymap };
    this.#state = initialState({ size: options.size, settings, facts: { version, cwd, home }, now: options.clock.monotonic() });
    this.#effects = new EffectRunner({
      terminal: this.#terminal,
      state: () => this.#state,
      dispatch: (message) => this.dispatch(message),
      pane: () => this.#overlay?.pane ?? this.#history,
      reading: () => this.#overlay?.pane ?? (readsQuestion(this.#state, this.#question) ? this.#question : this.#history),
      history: this.#history,
      transcript: () => (this.#overlay?.pane instanceof HistoryPane ? this.#overlay.pane : undefined),
      edit: options.edit,
      standing: () => options.voice?.standing(this.#state) ?? "",
      newSession: () => this.#newSession(),
      quit: () => this.#ended.resolve(),
    });
  }

  /** Whether something on the screen moves by itself. */
  get animating(): boolean {
    return this.#stopAnimation !== undefined;
  }

  /** Shows the interface until it is left. Rejects when the agent could not be loaded; the terminal is given back before that. */
  async run(): Promise<AppEnd> {
    this.#terminal.open();
    this.#connect().catch((error: unknown) => this.#ended.reject(error));
    try {
      await this.#ended.promise;
    } catch (error) {
      this.#terminal.close();
      await this.#closeSession();
      throw error;
    }
    this.#stopAnimation?.();
    this.#terminal.close(this.#farewell());
    await this.#closeSession();
    return { by: this.#endedBy };
  }

  #take(event: InputEvent): void {
    if (event.kind === "end") this.#endedBy = event.signal ?? "terminal";
    this.dispatch({ type: "input", event });
  }

  /** The only way into the state. */
  dispatch(message: Message): void {
    const before = this.#state;
    const { state, effects } = update({ ...before, now: this.#options.clock.monotonic() }, message);
    this.#state = state;
    // Before its effects, which lead to the next.
    if (this.#options.voice !== undefined) this.#say(this.#options.voice, before, message);
    for (const effect of effects) this.#effects.run(effect);
    this.#follow();
    if (message.type !== "input") this.#terminal.request();
  }

  #say(voice: Voice, before: State, message: Message): void {
    const { overlay, size } = this.#state;
    const said = voice.announce(before, this.#state, message.type === "input" && message.event.kind === "key");
    const view = overlay === undefined || overlay === before.overlay ? undefined : voice.overlayWords(this.#state, overlay);
    const width = Math.max(8, size.columns - 1);
    this.#terminal.print([...said, ...(view ?? [])].flatMap((text) => wrapText(text, { width })));
    if (view !== undefined) this.dispatch({ type: "overlay_said" });
  }

  /** What the state asks of everything that is not a frame. */
  #follow(): void {
    const state = this.#state;
    const isBusy = state.task !== undefined || state.live.some((cell) => !isFinished(cell));
    // While it waits for an answer, maybe for hours, nothing moves.
    const moves = !state.settings.reducedMotion && state.approvals.length === 0 && isBusy;
    if (moves && this.#stopAnimation === undefined)
      this.#stopAnimation = this.#terminal.animate(TICK_MS, () => this.dispatch({ type: "tick" }));
    if (!moves && this.#stopAnimation !== undefined) {
      this.#stopAnimation();
      this.#stopAnimation = undefined;
    }
    if (this.#options.voice === undefined && (state.task !== undefined || state.overlay?.type === "diff")) this.#loadTools();
    const title = titleOf(state);
    if (title !== this.#title) this.#terminal.setTitle((this.#title = title));
    if (this.#options.voice !== undefined) return;
    this.#followOverlay();
    if (this.#options.inline === true) this.#printFinished();
  }

  #followOverlay(): void {
    const { overlay } = this.#state;
    if (overlay?.type === this.#overlay?.type) {
      if (this.#overlay?.pane instanceof LinesPane && overlay?.type === "diff") this.#overlay.pane.refresh();
      return;
    }
    this.#overlay = overlay === undefined ? undefined : { type: overlay.type, pane: this.#makePane(overlay.type) };
    if (overlay?.type === "transcript") this.#overlay?.pane.scrollToEnd();
  }

  #makePane(type: Overlay["type"]): ScrollPane {
    switch (type) {
      case "transcript": {
        const pane = new HistoryPane({ makeHistory: createVirtualHistory });
        pane.focused = true;
        return pane;
      }
      case "diff":
        return new LinesPane((width) => diffViewLines(this.#state.overlay?.text ?? "", width, this.#tools));
      case "help":
        return new LinesPane((width) => helpLines(this.#state, width));
      case "keymap":
        return new LinesPane((width) => keymapLines(this.#state, width));
      case "status":
        return new LinesPane((width) => statusLines(this.#state, width));
      case "mcp":
        return new LinesPane((width) => mcpLines(this.#state, width));
    }
  }

  #takeHeld(): void {
    const deliver = this.#deliverHeld;
    this.#deliverHeld = undefined;
    deliver?.();
  }

  #paint(surface: Surface): void {
    const state = this.#state;
    if (this.#options.voice !== undefined) return this.#options.voice.drawInputRow(surface, state);
    const context = this.#context(surface.width - 3, false);
    if (this.#options.inline === true) this.#history.sync([], state.live, context);
    else this.#history.sync(state.history, state.live, context);
    const overlay = this.#overlay?.pane;
    if (overlay instanceof HistoryPane) overlay.sync(state.history, state.live, { ...context, full: true });
    drawScreen(surface, state, { history: this.#history, overlay, question: this.#question });
  }

  #context(width: number, full: boolean): RenderContext {
    const { now, tick, facts } = this.#state;
    return { width, now, tick, cwd: facts.cwd, home: facts.home, full, tools: this.#tools };
  }

  async #connect(): Promise<void> {
    // The first frame is on the screen before anything else is loaded.
    await new Promise((resolve) => setImmediate(resolve));
    const connection = await this.#options.connect();
    this.#connection = connection;
    const { config, gitRoot, host } = connection;
    this.#effects.connect(connection);
    this.#applyConfig(connection);
    const mcpServers = config.mcpServers.map(mcpServerFacts);
    this.dispatch({ type: "facts", facts: { cwd: config.cwd, effort: config.reasoning.effort ?? "", mcpServers } });
    this.#queuePrompt(connection);
    if (gitRoot === undefined && this.#options.skipGitCheck !== true) this.dispatch({ type: "no_repository" });
    await this.#openSession(connection);
    if (gitRoot !== undefined) this.dispatch({ type: "facts", facts: { branch: await readBranch(host.fs, gitRoot) } });
    // What is printed into the scrollback is never drawn again: there they must be early.
    if (this.#options.inline === true && this.#options.voice === undefined) this.#loadTools();
  }

  /** Once, when there may soon be text or a diff to show: whoever only opens the interface does not pay for them. */
  #loadTools(): void {
    if (this.#toolsAsked) return;
    this.#toolsAsked = true;
    const take = (tools: TextTools): void => {
      this.#tools = tools;
      if (this.#state.overlay?.type === "diff" && this.#overlay?.pane instanceof LinesPane) this.#overlay.pane.refresh();
      this.#terminal.request();
    };
    loadTextTools({ onMore: take, clock: this.#options.clock, drawnOnce: this.#options.inline === true }).catch((error: unknown) =>
      this.#ended.reject(error),
    );
  }

  /** What the command line brought goes before what was written meanwhile. */
  #queuePrompt({ images = [] }: Connection): void {
    this.#state = queueFirst(this.#state, this.#options.prompt ?? "", images);
  }

  #applyConfig({ config }: Connection): void {
    const { keymap, problems } = makeKeymap(BINDINGS, config.tui.keymap);
    const { screenReader } = this.#state.settings;
    this.#state = {
      ...this.#state,
      settings: { ...this.#state.settings, keymap, theme: config.tui.theme, reducedMotion: config.tui.reducedMotion || screenReader },
      mouse: config.tui.mouse,
      vim: config.tui.vim ? VIM : undefined,
    };
    if (config.tui.theme !== "auto") this.#terminal.setTheme(config.tui.theme);
    if (config.tui.mouse === "off" || screenReader) this.#terminal.setMouse("off");
    for (const text of problems) this.dispatch({ type: "warning", text: `tui.keymap: ${text}` });
  }

  /** `kept`: what was chosen in the conversation before holds in this one. */
  async #openSession(connection: Connection, kept?: Facts): Promise<void> {
    const session = await connection.openSession();
    this.#session = session;
    this.#effects.session = session;
    // Before its first event, which sends what waits.
    if (kept !== undefined) keepSettings(session, kept, connection.config);
    this.#unsubscribe = session.subscribe((event) => this.dispatch({ type: "event", event }), {
      hold: (deliver) => {
        this.#deliverHeld = deliver;
        this.#terminal.request();
      },
    });
  }

  async #newSession(): Promise<void> {
    const connection = this.#connection;
    if (connection === undefined) return;
    this.#unsubscribe();
    const kept = this.#state.facts;
    const last = this.#session;
    // From here on what is written waits for the new one.
    this.dispatch({ type: "session_reset" });
    await last?.close();
    try {
      await this.#openSession(connection, kept);
    } catch (error) {
      this.dispatch({ type: "session_failed", message: (error as Error).message, hint: "/new tries again." });
    }
  }

  async #closeSession(): Promise<void> {
    this.#effects.close();
    this.#unsubscribe();
    if (this.#session === undefined) return;
    const { clock } = this.#options;
    let cancel: () => void = () => undefined;
    const limit = new Promise<void>((resolve) => {
      cancel = clock.timer(CLOSE_LIMIT_MS, resolve);
    });
    await Promise.race([this.#session.close(), limit]);
    cancel();
    await this.#effects.removeImages();
  }

  /** The end of the conversation and where it is kept, for the normal screen. */
  #farewell(): Line[] {
    const { facts, history, size } = this.#state;
    const context = this.#context(size.columns - 1, false);
    const lines: Line[] = [];
    if (this.#options.inline !== true && this.#options.voice === undefined) {
      for (let at = history.length - 1; at >= 0 && lines.length < FAREWELL_ROWS; at--) {
        const cell = history[at];
        if (cell !== undefined && cell.kind !== "session") lines.unshift(...renderCell(cell, context));
      }
    }
    const record =
      facts.rolloutPath === ""
        ? []
        : wrapText(`Session record: ${shortPath(facts.rolloutPath, facts.home)}`, { width: size.columns, style: { fg: "muted" } });
    return [...lines.slice(-FAREWELL_ROWS), ...record];
  }

  #printFinished(): void {
    const { history, size } = this.#state;
    const context = this.#context(size.columns - 1, false);
    const first = history.findLastIndex(({ id }) => id <= this.#printed) + 1;
    const lines = history.slice(first).flatMap((cell) => renderCell(cell, context));
    this.#printed = history.at(-1)?.id ?? this.#printed;
    if (lines.length > 0) this.#terminal.print(lines);
    const live = this.#state.live.reduce((rows, cell) => rows + renderCell(cell, context).length, 0);
    this.#terminal.setInlineRows(this.#state.overlay === undefined ? liveRows(this.#state, Math.min(live, 12)) : size.rows);
  }
}

function keepSettings(session: SessionHandle, { model, approval, sandbox, permissions }: Facts, config: Connection["config"]): void {
  const mode = MODES.find((each) => each === sandbox);
  const isSameSandbox = permissions.length === config.sandboxPolicy.permissions.length || mode === undefined;
  if (config.model === model && config.approvalPolicy === approval && isSameSandbox) return;
  const approval_policy = approval as ApprovalPolicy;
  session.submit({ type: "override_turn_context", model, approval_policy, ...(isSameSandbox ? {} : { sandbox_mode: mode }) });
}

function titleOf(state: State): string {
  const folder = state.facts.cwd.split("/").at(-1) ?? "";
  const asks = state.approvals.length > 0;
  if (state.settings.screenReader) return `codex ${folder}${asks ? " asks" : state.task === undefined ? "" : " works"}`;
  const mark = asks ? "? " : state.task === undefined ? "" : "● ";
  return `${mark}codex${folder === "" ? "" : ` · ${folder}`}`;
}

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void; readonly reject: (error: unknown) => void } {
  let resolve: () => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<void>((settle, fail) => {
    resolve = settle;
    reject = fail;
  });
  return { promise, resolve, reject };
}
