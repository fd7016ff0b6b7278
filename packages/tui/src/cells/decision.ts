import type { Cell } from "../state/cell.ts";
import { commandText } from "../state/command-text.ts";
import { harmlessText } from "../text/ansi.ts";
import type { Line, Span } from "../text/line.ts";
import { truncateText, wrapLine, wrapText } from "../text/wrap.ts";
import type { RenderContext } from "./render-context.ts";

/** The answer the user gave to a question. */
export function decisionLines({ decision, subject, detail }: Extract<Cell, { kind: "decision" }>, { width }: RenderContext): Line[] {
  const { sign, words } = DECISIONS[decision];
  const line: Line = [
    { text: `${words} `, style: { fg: "muted" } },
    { text: truncateText(harmlessText(subject).replaceAll("\n", " "), 100) },
    { text: detail === "" ? "" : ` · ${harmlessText(detail)}`, style: { italic: true } },
  ];
  return wrapLine(line, { width, first: [sign] });
}

const DECISIONS: Readonly<Record<Extract<Cell, { kind: "decision" }>["decision"], { readonly sign: Span; readonly words: string }>> = {
  approved: { sign: { text: "✔ ", style: { fg: "success" } }, words: "You approved" },
  approved_for_session: { sign: { text: "✔ ", style: { fg: "success" } }, words: "You approved for this session" },
  denied: { sign: { text: "⊘ ", style: { fg: "danger" } }, words: "You declined" },
  abort: { sign: { text: "■ ", style: { fg: "danger" } }, words: "You declined and stopped at" },
};

/** A call that was refused, by which layer, and why. */
export function declinedLines({ tool, command, layer, reason }: Extract<Cell, { kind: "declined" }>, { width }: RenderContext): Line[] {
  const what = command.length > 0 ? commandText(command) : tool;
  const sign: Line = [
    { text: "⊘ ", style: { fg: "danger" } },
    ...(command.length > 0 ? [{ text: "$ ", style: { fg: "command", bold: true } as const }] : []),
  ];
  return [
    ...wrapText(harmlessText(what), { width, first: sign }),
    ...wrapLine(
      [
        { text: harmlessText(reason), style: { fg: "warning" } },
        { text: ` (${layer.replaceAll("_", " ")})`, style: { fg: "muted" } },
      ],
      {
        width,
        first: [{ text: "  └ ", style: { fg: "border" } }],
      },
    ),
  ];
}
