import type { DecisionExplanation, EventOf, FileChange, PlanStep, ReviewDecision } from "@codex/core";
import type { FileDiff } from "../text/file-diffs.ts";
import type { Draft } from "./editor.ts";
import type { Facts } from "./facts.ts";
import type { LiveOutput } from "./live-output.ts";

/** One entry of the history. `id` counts from 1 and is never used again. */
export type Cell = { readonly id: number } & (
  | { readonly kind: "session"; readonly facts: Facts }
  | UserCell
  | { readonly kind: "agent"; readonly text: string; readonly streaming: boolean }
  | { readonly kind: "reasoning"; readonly text: string; readonly streaming: boolean }
  | ExecCell
  | ToolCell
  | PatchCell
  | {
      readonly kind: "declined";
      readonly tool: string;
      readonly command: readonly string[];
      readonly decision: DecisionExplanation;
    }
  | DecisionCell
  | { readonly kind: "plan"; readonly explanation: string; readonly plan: readonly PlanStep[] }
  | { readonly kind: "notice"; readonly level: NoticeLevel; readonly text: string; readonly hint: string }
  | ({ readonly kind: "turn_end"; readonly elapsedMs: number; readonly tokens: number } & TurnSummary)
);

/** A message of the user's, one turn of the session. */
export interface UserCell {
  readonly kind: "user";
  /** Whole, pasted text in place of its tokens. */
  readonly text: string;
  readonly images: number;
  /** What goes back into the composer. */
  readonly draft: Draft;
  /** What the model was told along with it of the user's own commands. */
  readonly shellNotes: readonly string[];
}

/** The answer to a question. */
export interface DecisionCell {
  readonly kind: "decision";
  readonly callId: string;
  readonly decision: ReviewDecision;
  readonly subject: string;
  /** What was granted or said with it; empty without. */
  readonly detail: string;
}

/** What was done in a turn. */
export interface TurnSummary {
  /** Commands of the model's. */
  readonly commands: number;
  /** Those of them that did not end well. */
  readonly failed: number;
  /** Files that patches changed, as they are now against how the turn found them. */
  readonly files: readonly Pick<FileDiff, "letter" | "name" | "added" | "removed">[];
}

export type NoticeLevel = "info" | "event" | "warning" | "error";

export interface ExecCell {
  readonly kind: "exec";
  readonly callId: string;
  readonly command: readonly string[];
  readonly cwd: string;
  /** `user`: typed behind `!`. */
  readonly by: "agent" | "user";
  /** Monotonic ms. */
  readonly startedAt: number;
  readonly output: LiveOutput;
  readonly end: ExecEnd | undefined;
  /** Why it may run; undefined when that was not said. */
  readonly why: DecisionExplanation | undefined;
  /** The answer that let it run; undefined when it was not asked about. */
  readonly approval: Pick<DecisionCell, "decision" | "detail"> | undefined;
}

export interface ExecEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly timedOut: boolean;
  readonly durationMs: number;
  readonly denial: EventOf<"exec_command_end">["denial"];
}

export interface ToolCell {
  readonly kind: "tool";
  readonly callId: string;
  readonly tool: string;
  /** Compact JSON; empty without arguments. */
  readonly arguments: string;
  readonly startedAt: number;
  /** The latest it said while it runs; empty without. */
  readonly progress: string;
  readonly why: DecisionExplanation | undefined;
  readonly end: { readonly success: boolean; readonly output: string; readonly durationMs: number } | undefined;
}

export interface PatchCell {
  readonly kind: "patch";
  readonly callId: string;
  readonly status: "proposed" | "applying" | "applied" | "failed" | "declined";
  readonly changes: Readonly<Record<string, FileChange>>;
  /** What went wrong. */
  readonly message: string;
  readonly why: DecisionExplanation | undefined;
  /** The answer that let it be applied; undefined when it was not asked about, or not answered. */
  readonly approval: ExecCell["approval"];
  /** Set while its hunks can be taken and left out one by one. */
  readonly choice: HunkChoice | undefined;
}

/** A part of a patch that can be approved by itself. */
export type PatchHunk = NonNullable<EventOf<"apply_patch_approval_request">["hunks"]>[number];

export interface HunkChoice {
  /** Two at least. */
  readonly hunks: readonly PatchHunk[];
  /** Ids. */
  readonly leftOut: readonly string[];
  /** The index of the one that a key takes or leaves out. */
  readonly marked: number;
}

/** A cell that nothing will change any more. */
export function isFinished(cell: Cell): boolean {
  switch (cell.kind) {
    case "exec":
    case "tool":
      return cell.end !== undefined;
    case "patch":
      return cell.status !== "proposed" && cell.status !== "applying";
    case "agent":
    case "reasoning":
      return !cell.streaming;
    case "session":
    case "user":
    case "declined":
    case "decision":
    case "plan":
    case "notice":
    case "turn_end":
      return true;
  }
}
