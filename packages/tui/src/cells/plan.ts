import type { PlanStep } from "@codex/core";
import type { Cell } from "../state/cell.ts";
import type { Style } from "../screen/style.ts";
import { harmlessText } from "../text/ansi.ts";
import type { Line } from "../text/line.ts";
import { wrapText } from "../text/wrap.ts";
import type { RenderContext } from "./render-context.ts";

/** The plan with what is done, what is under way and what is to come. */
export function planLines({ explanation, plan }: Extract<Cell, { kind: "plan" }>, { width }: RenderContext): Line[] {
  const done = plan.filter(({ status }) => status === "completed").length;
  const head: Line = [
    { text: "◇ ", style: { fg: "accent" } },
    { text: "Plan", style: { bold: true } },
    { text: ` · ${String(done)} of ${String(plan.length)} done`, style: { fg: "muted" } },
  ];
  const why =
    explanation === "" ? [] : wrapText(harmlessText(explanation), { width, first: [{ text: "  " }], style: { fg: "muted", italic: true } });
  const steps = plan.flatMap(({ step, status }) => {
    const { sign, signStyle, style } = STEPS[status];
    return wrapText(harmlessText(step), { width, first: [{ text: `  ${sign} `, style: signStyle }], style });
  });
  return [head, ...why, ...steps];
}

const STEPS: Readonly<Record<PlanStep["status"], { readonly sign: string; readonly signStyle: Style; readonly style: Style }>> = {
  completed: { sign: "✓", signStyle: { fg: "success" }, style: { fg: "muted", strike: true } },
  in_progress: { sign: "▸", signStyle: { fg: "accent", bold: true }, style: { bold: true } },
  pending: { sign: "○", signStyle: { fg: "muted" }, style: {} },
};
