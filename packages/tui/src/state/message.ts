import type { Event } from "@codex/core";
import type { InputEvent } from "../input/event.ts";
import type { Facts } from "./facts.ts";

/** Everything that can change the state. */
export type Message =
  | { readonly type: "input"; readonly event: InputEvent }
  | { readonly type: "event"; readonly event: Event }
  /** A step of the animation. */
  | { readonly type: "tick" }
  | { readonly type: "facts"; readonly facts: Partial<Facts> }
  /** The session could not be opened, or a fault ended it. */
  | { readonly type: "session_failed"; readonly message: string; readonly hint: string }
  | { readonly type: "no_repository" }
  | { readonly type: "prompts_loaded"; readonly entries: readonly string[] }
  | { readonly type: "files_found"; readonly query: string; readonly files: readonly string[]; readonly searching: boolean }
  /** The editor was closed; undefined when it failed. */
  | { readonly type: "edited"; readonly text: string | undefined }
  | { readonly type: "attached"; readonly path: string }
  | { readonly type: "pasted"; readonly text: string }
  | { readonly type: "shell_output"; readonly callId: string; readonly chunk: string }
  | { readonly type: "shell_ended"; readonly callId: string; readonly exitCode: number | null; readonly signal: string | null }
  | { readonly type: "diff_made"; readonly text: string }
  | { readonly type: "toast"; readonly text: string }
  | { readonly type: "warning"; readonly text: string }
  /** All that the full-screen view holds was said. */
  | { readonly type: "overlay_said" }
  | { readonly type: "session_reset" };
