import type { Connection, SessionHandle } from "./connection.ts";
import { copyText, exportMarkdown } from "./services/export-markdown.ts";
import { openFileIndex, type FileIndex } from "./services/file-index.ts";
import { openPromptFile, type PromptFile } from "./services/prompt-file.ts";
import { runProgram } from "./services/run-program.ts";
import { workingTreeDiff } from "./services/working-tree-diff.ts";
import { shortPath } from "./state/command-text.ts";
import type { Effect } from "./state/effect.ts";
import { fuzzyFilter } from "./state/fuzzy.ts";
import type { Message } from "./state/message.ts";
import type { State } from "./state/model.ts";
import type { Terminal } from "./terminal.ts";
import type { HistoryPane } from "./views/history-pane.ts";
import type { ScrollPane } from "./views/scroll-pane.ts";

/** The longest that a command of the user's may run. ms. */
const SHELL_TIMEOUT_MS = 24 * 60 * 60 * 1000;
/** Files that a list shows, at most. */
const FILES = 50;

export interface EffectWorld {
  readonly terminal: Terminal;
  readonly state: () => State;
  readonly dispatch: (message: Message) => void;
  /** What is searched and gone through: the overlay, else the history. */
  readonly pane: () => ScrollPane;
  /** What rows and pages move: the overlay, else a question that is cut, else the history. */
  readonly reading: () => Pick<ScrollPane, "scrollBy" | "scrollPages">;
  readonly history: HistoryPane;
  readonly transcript: () => HistoryPane | undefined;
  readonly edit: (text: string) => Promise<string | undefined>;
  /** How things stand, in words. */
  readonly standing: () => string;
  readonly newSession: () => Promise<void>;
  readonly quit: () => void;
}

/** Carries effects out. Those that need the agent wait until it is there. */
export class EffectRunner {
  readonly #world: EffectWorld;
  readonly #stop = new AbortController();
  #shell: AbortController | undefined;
  #connected: { readonly connection: Connection; readonly prompts: PromptFile; readonly files: FileIndex } | undefined;
  #session: SessionHandle | undefined;
  /** Files that hold what was pasted from the clipboard. */
  readonly #images: string[] = [];

  constructor(world: EffectWorld) {
    this.#world = world;
  }

  connect(connection: Connection): void {
    const { host, config } = connection;
    const prompts = openPromptFile(`${config.codexHome}/history.jsonl`, { fs: host.fs, now: () => host.clock.now() });
    this.#connected = { connection, prompts, files: openFileIndex(host, config.cwd, this.#stop.signal) };
    this.#spawn(async () => this.#world.dispatch({ type: "prompts_loaded", entries: await prompts.load() }));
  }

  set session(session: SessionHandle | undefined) {
    this.#session = session;
  }

  /** Ends what the user's own commands left running. */
  close(): void {
    this.#stop.abort();
    this.#shell?.abort();
  }

  /** Removes what was pasted from the clipboard. No session may need it any more. */
  async removeImages(): Promise<void> {
    const fs = this.#connected?.connection.host.fs;
    await Promise.all(this.#images.splice(0).map(async (path) => fs?.removeFile(path).catch(() => undefined)));
  }

  run(effect: Effect): void {
    const { terminal, state, dispatch } = this.#world;
    switch (effect.type) {
      case "submit":
        this.#submit(effect);
        return;
      case "scroll":
        this.#scroll(effect.to);
        return;
      case "show_cell":
        this.#world.history.showCell(effect.id);
        return;
      case "scroll_rows":
        this.#world.reading().scrollBy(effect.rows);
        return;
      case "scroll_pages":
        this.#world.reading().scrollPages(effect.pages);
        return;
      case "find":
        this.#find(effect);
        return;
      case "copy":
        this.#copy(effect.text, effect.what);
        return;
      case "copy_entry": {
        const cell = this.#world.transcript()?.cellOnTop();
        if (cell !== undefined) this.#copy(copyText(cell), "the entry on top");
        return;
      }
      case "tell_standing":
        dispatch({ type: "toast", text: this.#world.standing() });
        return;
      case "set_theme":
        terminal.setTheme(effect.theme as Parameters<Terminal["setTheme"]>[0]);
        return;
      case "set_mouse":
        terminal.setMouse(effect.mode);
        return;
      case "notify":
        if (this.#connected?.connection.config.tui.notifications !== false) terminal.notify(effect.message);
        return;
      case "suspend":
        terminal.suspend();
        return;
      case "quit":
        this.#world.quit();
        return;
      case "stop_shell":
        this.#shell?.abort();
        return;
      case "edit_externally":
        this.#spawn(async () => dispatch({ type: "edited", text: await terminal.lend(() => this.#world.edit(effect.text)) }));
        return;
      case "new_session":
        this.#spawn(() => this.#world.newSession());
        return;
      default:
        this.#spawn(() => this.#runConnected(effect, state()));
    }
  }

  async #runConnected(effect: Effect, state: State): Promise<void> {
    const connected = this.#connected;
    if (connected === undefined) return;
    const { connection, prompts, files } = connected;
    const { dispatch } = this.#world;
    const { host, config } = connection;
    switch (effect.type) {
      case "remember_prompt":
        return prompts.add(effect.text);
      case "find_files": {
        const all = await files.list();
        const best = fuzzyFilter(effect.query, all, FILES).map(({ text }) => text);
        return dispatch({ type: "files_found", query: effect.query, files: best, searching: false });
      }
      case "look_at_paste": {
        const path = absolute(effect.path, config.cwd, state.facts.home);
        const stat = await host.fs.stat(path).catch(() => undefined);
        return dispatch(stat?.kind === "file" ? { type: "attached", path } : { type: "pasted", text: effect.text });
      }
      case "paste_image": {
        const { clipboardImage } = await import("./services/clipboard-image.ts");
        const image = await clipboardImage(host, `${config.codexHome}/clipboard`, this.#stop.signal);
        if (!image.ok) return dispatch({ type: "toast", text: image.message });
        this.#images.push(image.path);
        dispatch({ type: "toast", text: "" });
        return dispatch({ type: "attached", path: image.path });
      }
      case "run_shell":
        return this.#runShell(connection, effect);
      case "make_diff":
        return dispatch({ type: "diff_made", text: await workingTreeDiff(host, config.cwd, this.#stop.signal) });
      case "export": {
        const path = absolute(
          effect.path === "" ? `codex-${state.facts.sessionId.slice(0, 13)}.md` : effect.path,
          config.cwd,
          state.facts.home,
        );
        if ((await host.fs.stat(path).catch(() => undefined)) !== undefined)
          return dispatch({ type: "toast", text: `${path} is there already` });
        try {
          await host.fs.writeFile(path, exportMarkdown([...state.history, ...state.live], state.facts), { mode: 0o600 });
        } catch (error) {
          // Of `ENOENT: no such file or directory, open '…'` the words.
          const why = (error as Error).message.replace(/^[A-Z]+: ([^,]+),.*$/su, "$1");
          return dispatch({ type: "warning", text: `${path} was not written: ${why}` });
        }
        return dispatch({ type: "toast", text: `written to ${shortPath(path, state.facts.home)}` });
      }
      default:
    }
  }

  #scroll(to: "start" | "end"): void {
    const pane = this.#world.pane();
    if (to === "end") pane.scrollToEnd();
    else pane.scrollToStart();
  }

  #find({ text, direction }: Extract<Effect, { type: "find" }>): void {
    const { pane, dispatch } = this.#world;
    if (!pane().find(text, direction)) dispatch({ type: "toast", text: `nothing holds “${text}”` });
  }

  #submit({ op }: Extract<Effect, { type: "submit" }>): void {
    try {
      this.#session?.submit(op);
    } catch (error) {
      this.#world.dispatch({ type: "warning", text: (error as Error).message });
    }
  }

  async #runShell({ host, config }: Connection, { callId, command }: Extract<Effect, { type: "run_shell" }>): Promise<void> {
    const { dispatch } = this.#world;
    const shell = host.env["SHELL"] ?? "/bin/sh";
    this.#shell = new AbortController();
    const { outcome } = await runProgram(host, [shell, "-c", command], {
      cwd: config.cwd,
      signal: AbortSignal.any([this.#stop.signal, this.#shell.signal]),
      timeoutMs: SHELL_TIMEOUT_MS,
      onOutput: (chunk) => dispatch({ type: "shell_output", callId, chunk }),
    });
    this.#shell = undefined;
    if (outcome.type === "not_started" || outcome.type === "lost") dispatch({ type: "shell_output", callId, chunk: outcome.message });
    const exitCode = outcome.type === "exited" && !outcome.aborted ? outcome.exitCode : null;
    const signal =
      outcome.type === "signalled" && !outcome.aborted
        ? outcome.signal
        : outcome.type === "not_started" || outcome.type === "lost"
          ? null
          : "interrupt";
    dispatch({ type: "shell_ended", callId, exitCode, signal: exitCode === null ? signal : null });
  }

  #copy(text: string, what: string): void {
    const { terminal, dispatch } = this.#world;
    dispatch({ type: "toast", text: terminal.copy(text) ? `copied ${what}` : `${what} is too long for the clipboard` });
  }

  /** An effect that fails says so and hurts nothing else. */
  #spawn(work: () => Promise<void>): void {
    work().catch((error: unknown) => {
      if (!this.#stop.signal.aborted)
        this.#world.dispatch({ type: "warning", text: error instanceof Error ? error.message : String(error) });
    });
  }
}

function absolute(path: string, cwd: string, home: string): string {
  if (path.startsWith("/")) return path;
  if (path.startsWith("~/") && home !== "") return `${home}${path.slice(1)}`;
  return `${cwd}/${path}`;
}
