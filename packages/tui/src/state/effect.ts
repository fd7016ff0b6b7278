import type { Op } from "@codex/core";

/** What a step of the state wants done outside of it. Only app.ts carries effects out. */
export type Effect =
  | { readonly type: "submit"; readonly op: Op }
  /** Of the overlay when one is open, else of the history. */
  | { readonly type: "scroll"; readonly to: "start" | "end" }
  /** Shows the history from the cell on, or its end when all of that is in view there. */
  | { readonly type: "show_cell"; readonly id: number }
  /** These two go to a question that is longer than its place, before the history. */
  | { readonly type: "scroll_rows"; readonly rows: number }
  | { readonly type: "scroll_pages"; readonly pages: number }
  /** Goes to the next row of the overlay that holds the text, from the top row (included when 0). */
  | { readonly type: "find"; readonly text: string; readonly direction: -1 | 0 | 1 }
  | { readonly type: "copy"; readonly text: string; readonly what: string }
  /** The source text of the transcript's entry on top. */
  | { readonly type: "copy_entry" }
  | { readonly type: "remember_prompt"; readonly text: string }
  | { readonly type: "edit_externally"; readonly text: string }
  | { readonly type: "find_files"; readonly query: string }
  /** Looks whether pasted text names an image; answers with `attached` or `pasted`. */
  | { readonly type: "look_at_paste"; readonly text: string; readonly path: string }
  /** Answers with `attached`, or a toast that says why not. */
  | { readonly type: "paste_image" }
  | { readonly type: "run_shell"; readonly callId: string; readonly command: string }
  | { readonly type: "stop_shell" }
  | { readonly type: "make_diff" }
  | { readonly type: "export"; readonly path: string }
  | { readonly type: "new_session" }
  /** Tells in words how things stand. */
  | { readonly type: "tell_standing" }
  | { readonly type: "set_theme"; readonly theme: string }
  | { readonly type: "set_mouse"; readonly mode: "wheel" | "off" }
  | { readonly type: "notify"; readonly message: string }
  | { readonly type: "suspend" }
  | { readonly type: "quit" };
