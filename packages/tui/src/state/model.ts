import type { DecisionExplanation, EventOf, FileChange, Grant, PlanStep, TokenUsage } from "@codex/core";
import type { Keymap } from "../input/keymap.ts";
import type { Vim } from "../vim/vim.ts";
import type { Cell, PatchHunk } from "./cell.ts";
import type { Draft, Editor } from "./editor.ts";
import type { ElicitationField } from "./elicitation-form.ts";
import type { Facts } from "./facts.ts";

/** Everything the interface shows, as plain data. Views read it, `update` alone makes the next one. */
export interface State {
  readonly size: { readonly columns: number; readonly rows: number };
  /** Time of the message that is handled, monotonic, ms. */
  readonly now: number;
  readonly phase: "starting" | "ready" | "failed" | "closing";
  readonly settings: Settings;
  readonly facts: Facts;
  /** What is finished, oldest first; appended to, emptied, or cut off at the end by a rollback. */
  readonly history: readonly Cell[];
  /** What may still change, in order. Its head moves to `history` once it is finished. */
  readonly live: readonly Cell[];
  readonly nextCellId: number;
  readonly task: Task | undefined;
  readonly usage: Usage;
  readonly plan: readonly PlanStep[];
  readonly turnDiff: string;
  /** The latest line of the log, without control characters. */
  readonly logLine: string;
  /** Counts the ticks of the animation. */
  readonly tick: number;
  readonly editor: Editor;
  /** The vi keys of the composer; undefined when they are off. */
  readonly vim: Vim | undefined;
  /** Messages that wait for the running task to end. */
  readonly queue: readonly Draft[];
  readonly prompts: PromptHistory;
  /** Commands of the user's and what they printed, for the model to see with the next message. */
  readonly shellNotes: readonly string[];
  readonly popup: Popup | undefined;
  /** Oldest first. */
  readonly approvals: readonly Approval[];
  readonly answer: AnswerForm;
  readonly overlay: Overlay | undefined;
  /** Why the calls that have not begun may run, by call. */
  readonly allowed: Readonly<Record<string, DecisionExplanation>>;
  /** By the server's name. */
  readonly mcp: Readonly<Record<string, McpServerStatus>>;
  readonly focus: "composer" | "history";
  readonly mouse: "wheel" | "off";
  /** A short word to the user, in the footer, until the next key. */
  readonly toast: string;
  /** The key that answered a question last, and when it was seen last; monotonic ms. */
  readonly answeredBy: { readonly name: string; readonly at: number };
  /** When a key changed the composer's text last; monotonic ms. */
  readonly typedAt: number;
  /** Until when a second ctrl-c quits; monotonic ms. */
  readonly quitArmedUntil: number;
  /** Until when a second esc lists the messages to go back to; monotonic ms. */
  readonly rewindArmedUntil: number;
  readonly gitWarning: boolean;
  /** Numbers pasted texts and images. */
  readonly nextToken: number;
}

export interface Settings {
  readonly theme: string;
  readonly reducedMotion: boolean;
  readonly screenReader: boolean;
  /** The keys in force. */
  readonly keymap: Keymap;
}

export interface Task {
  readonly id: string;
  readonly startedAt: number;
  readonly interrupting: boolean;
}

export interface Usage {
  /** Of all ended tasks and the running one's requests so far. */
  readonly session: TokenUsage;
  readonly task: TokenUsage;
  /** Tokens of the last request: what the conversation takes of the window. */
  readonly context: number;
  readonly contextWindow: number | undefined;
}

export interface PromptHistory {
  /** Oldest first, without neighbours that are equal. */
  readonly entries: readonly string[];
  /** The entry the composer shows; undefined = what is being written. */
  readonly at: number | undefined;
  /** What was being written when the first entry was called up. */
  readonly draft: string;
}

export type Popup =
  | { readonly type: "commands"; readonly selected: number }
  | {
      readonly type: "files";
      readonly selected: number;
      readonly query: string;
      readonly files: readonly string[];
      readonly searching: boolean;
    }
  | { readonly type: "prompts"; readonly selected: number; readonly query: string }
  | { readonly type: "choices"; readonly choice: Choice; readonly selected: number };

/** A list of values to choose from. */
export interface Choice {
  readonly command: "model" | "approvals" | "sandbox" | "theme" | "rewind";
  readonly title: string;
  readonly options: readonly { readonly value: string; readonly label: string; readonly help: string }[];
  readonly current: string;
}

/** A question that waits for its answer. */
export type Approval = {
  readonly callId: string;
  /** Why it is asked; empty when nothing is said. */
  readonly reason: string;
  /** The layer and the rule that want the question, and what would change that. */
  readonly decision: DecisionExplanation | undefined;
  /** What an answer may grant beyond the call. */
  readonly offers: readonly Grant[];
} & (
  | {
      readonly kind: "exec";
      readonly command: readonly string[];
      readonly cwd: string;
      readonly denial: EventOf<"exec_approval_request">["denial"];
      readonly mayLeaveSandbox: boolean;
      /** The model's own words; empty without. */
      readonly justification: string;
    }
  | {
      readonly kind: "patch";
      readonly changes: Readonly<Record<string, FileChange>>;
      /** What can be approved by itself, in the patch's order. */
      readonly hunks: readonly PatchHunk[];
      readonly grantRoot: string;
    }
  /** `arguments` is compact JSON. */
  | { readonly kind: "mcp"; readonly server: string; readonly tool: string; readonly arguments: string }
  | {
      readonly kind: "elicitation";
      readonly server: string;
      readonly message: string;
      readonly url: string;
      /** Undefined when the schema asks for what no form of plain values holds. */
      readonly fields: readonly ElicitationField[] | undefined;
    }
);

/** The answer being given to the oldest question. */
export interface AnswerForm {
  /** Of the form's fields and then the answers. */
  readonly selected: number;
  /** Set while feedback is written. */
  readonly feedback: Editor | undefined;
  /** All ways to change the decision are shown. */
  readonly explained: boolean;
  /** The index of the hunk that a key takes or leaves. */
  readonly hunk: number;
  /** Ids of the hunks that are left out. */
  readonly leftOut: readonly string[];
  /** What stands in the form, by field. */
  readonly values: readonly Editor[];
  /** What is wrong with the form; empty when nothing is known to be. */
  readonly fault: string;
}

/** How a server of the session stands. */
export interface McpServerStatus {
  readonly state: "starting" | "ready" | "failed" | "cancelled";
  readonly error: string;
  /** Its own names of what it offers; undefined while that is not known. */
  readonly tools: readonly string[] | undefined;
}

export interface Overlay {
  readonly type: "transcript" | "diff" | "help" | "keymap" | "status" | "mcp";
  /** For `diff`: the text; empty while it is made. */
  readonly text: string;
  readonly search: string;
  /** The search line is being written. */
  readonly searching: boolean;
}
