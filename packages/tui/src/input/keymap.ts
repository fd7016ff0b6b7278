import type { KeyEvent } from "./event.ts";

/** Where a key is pressed. A key that the context does not bind falls to "global". */
export type KeyContext = "global" | "composer" | "history" | "approval" | "list" | "overlay";

export interface Binding {
  readonly action: string;
  readonly context: KeyContext;
  /** As "ctrl-c", "alt-enter", "shift-tab", "pageup", "?", or a chord "escape escape". */
  readonly keys: readonly string[];
  /** One line for the help. */
  readonly help: string;
}

export interface Keymap {
  /** The bound action, or undefined. */
  find(context: KeyContext, key: KeyEvent): string | undefined;
  /** All bindings as in force, in the table's order. */
  readonly bindings: readonly Binding[];
}

export interface KeymapResult {
  readonly keymap: Keymap;
  /** One sentence per entry of the user's table that was not followed. */
  readonly problems: readonly string[];
}

/** User table: action → keys ([] = none). */
export type MakeKeymap = (bindings: readonly Binding[], user?: Readonly<Record<string, string | readonly string[]>>) => KeymapResult;
