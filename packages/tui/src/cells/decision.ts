import type { DecisionExplanation } from "@codex/core";
import type { Style } from "../screen/style.ts";
import type { Cell, ExecCell } from "../state/cell.ts";
import { commandText, shortPath } from "../state/command-text.ts";
import { harmlessText, plainLine } from "../text/ansi.ts";
import { lineWidth, type Line, type Span } from "../text/line.ts";
import { truncateText, wrapLine, wrapText } from "../text/wrap.ts";
import type { RenderContext } from "./render-context.ts";

/** The answer the user gave to a question. */
export function decisionLines({ decision, subject, detail }: Extract<Cell, { kind: "decision" }>, { width }: RenderContext): Line[] {
  const { sign, words } = DECISIONS[decision];
  const line: Line = [
    { text: `${words} `, style: { fg: "muted" } },
    { text: truncateText(harmlessText(subject).replaceAll("\n", " "), 100) },
    { text: detail === "" ? "" : ` · ${plainLine(detail)}`, style: { italic: true } },
  ];
  return wrapLine(line, { width, first: [sign] });
}

const DECISIONS: Readonly<Record<Extract<Cell, { kind: "decision" }>["decision"], { readonly sign: Span; readonly words: string }>> = {
  approved: { sign: { text: "✔ ", style: { fg: "success" } }, words: "You approved" },
  approved_for_session: { sign: { text: "✔ ", style: { fg: "success" } }, words: "You approved for this session" },
  denied: { sign: { text: "⊘ ", style: { fg: "danger" } }, words: "You declined" },
  abort: { sign: { text: "■ ", style: { fg: "danger" } }, words: "You declined and stopped at" },
};

/** An answer that two words behind the call say. */
export function isPlainYes(approval: ExecCell["approval"]): boolean {
  return approval?.decision === "approved" && approval.detail === "";
}

/** An answer that says more than yes, below its call. */
export function approvalLines(approval: ExecCell["approval"], { width }: RenderContext): Line[] {
  if (approval === undefined || isPlainYes(approval)) return [];
  const words = approval.decision === "approved" ? "you approved" : "you approved for this session";
  const line: Line = [
    { text: words, style: { fg: "muted" } },
    { text: approval.detail === "" ? "" : ` · ${plainLine(approval.detail)}`, style: { fg: "muted", italic: true } },
  ];
  return wrapLine(line, { width, first: [{ text: "  ✔ ", style: { fg: "success" } }] });
}

/** A call that was refused, by which layer and rule, why, and what would change that. */
export function declinedLines(cell: Extract<Cell, { kind: "declined" }>, { width, home, full }: RenderContext): Line[] {
  const { tool, command, decision } = cell;
  const what = command.length > 0 ? commandText(command) : tool;
  const sign: Line = [
    { text: "⊘ ", style: { fg: "danger" } },
    ...(command.length > 0 ? [{ text: "$ ", style: { fg: "command", bold: true } as const }] : []),
  ];
  return [
    ...wrapText(harmlessText(what), { width, first: sign }),
    ...whyLines(decision, { width, home, first: [{ text: "  └ ", style: { fg: "border" } }], style: { fg: "warning" } }),
    // The narrowest way out is enough here; the transcript has all.
    ...changeLines(decision, { width, most: full ? Infinity : 1 }),
  ];
}

export interface WhyOptions {
  readonly width: number;
  readonly home: string;
  /** What the first line begins with; the others are as far in. */
  readonly first?: Line;
  readonly style?: Style;
}

/** The reason with the layer that decided, and the rule with its place. */
export function whyLines({ layer, reason, rule }: DecisionExplanation, { width, home, first = [], style = {} }: WhyOptions): Line[] {
  const rest: Line = [{ text: " ".repeat(lineWidth(first)) }];
  const reasonLine: Line = [
    { text: plainLine(reason), style },
    { text: `${reason === "" ? "" : " "}(${plainLine(layer.replaceAll("_", " "))})`, style: { fg: "muted" } },
  ];
  const place = rule === undefined ? "" : `${shortPath(rule.file, home)}:${String(rule.line)} (${rule.decision})`;
  const ruleLine: Line = [
    { text: "rule ", style: { fg: "muted" } },
    { text: plainLine(place), style: { fg: "accent" } },
  ];
  return [...wrapLine(reasonLine, { width, first, rest }), ...(rule === undefined ? [] : wrapLine(ruleLine, { width, first: rest, rest }))];
}

/** What the user could do to change a decision, the narrowest first. */
export function changeLines(
  { change = [] }: DecisionExplanation,
  { width, most }: { readonly width: number; readonly most: number },
): Line[] {
  return change.slice(0, most).flatMap((text) => {
    const first: Line = [{ text: "  → ", style: { fg: "muted" } }];
    return wrapText(harmlessText(text), { width, first, rest: [{ text: "    " }], style: { fg: "muted" } });
  });
}

/** In the transcript, why a call could run without an answer of the user's. */
export function allowedLines(why: DecisionExplanation | undefined, { width, home, full }: RenderContext): Line[] {
  if (!full || why === undefined || why.layer === "user") return [];
  return whyLines(why, { width, home, first: [{ text: "  ✔ ", style: { fg: "muted" } }], style: { fg: "muted" } });
}
