import { changeLines, whyLines } from "../cells/decision.ts";
import { denialText } from "../cells/exec.ts";
import { hunkTitle, hunkView } from "../cells/patch.ts";
import { commandText, relativePath, shortPath } from "../state/command-text.ts";
import { choosableHunks } from "../state/hunk-choice.ts";
import type { Approval, State } from "../state/model.ts";
import { harmlessText, plainLine } from "../text/ansi.ts";
import type { Line } from "../text/line.ts";
import { truncateLine, wrapLine, wrapText } from "../text/wrap.ts";

/** What is asked, with all that is known of why. */
export function questionLines(state: State, approval: Approval, width: number): Line[] {
  switch (approval.kind) {
    case "exec":
      return execQuestion(state, approval, width);
    case "patch":
      return patchQuestion(state, approval, width);
    case "mcp":
      return mcpQuestion(state, approval, width);
    case "elicitation":
      return elicitationQuestion(approval, width);
  }
}

function execQuestion(state: State, approval: Extract<Approval, { kind: "exec" }>, width: number): Line[] {
  const { facts } = state;
  const where = approval.cwd === facts.cwd ? [] : [{ text: `${shortPath(approval.cwd, facts.home)} `, style: { fg: "muted" } as const }];
  const command = wrapText(harmlessText(commandText(approval.command)), {
    width,
    first: [...where, { text: "$ ", style: { fg: "command", bold: true } }],
    rest: [{ text: "  " }],
  });
  const denial = approval.denial === undefined ? [] : wrapText(denialText(approval.denial), { width, style: { fg: "warning" } });
  return [
    [{ text: "Allow this command?", style: { bold: true } }],
    [],
    ...command,
    ...blankBefore([...denial, ...justificationLines(approval.justification, width), ...whyAsked(state, approval, width)]),
  ];
}

/** The model's words are told as what they are: its own. */
function justificationLines(justification: string, width: number): Line[] {
  if (justification === "") return [];
  const first: Line = [{ text: "The model says: ", style: { fg: "muted" } }];
  return wrapText(`“${harmlessText(justification).trim()}”`, { width, first, rest: [{ text: "  " }], style: { italic: true } });
}

/** The reason, the layer and the rule that want the question; with `explained` what would change that. */
function whyAsked({ facts, answer }: State, approval: Approval, width: number): Line[] {
  const style = { fg: "muted", italic: true } as const;
  const { decision } = approval;
  const reason = approval.reason === "" ? (decision?.reason ?? "") : approval.reason;
  if (decision === undefined) return reason === "" ? [] : wrapText(harmlessText(reason), { width, style });
  const count = decision.change?.length ?? 0;
  // A patch needs the rows: why it is asked about is no news from the second on.
  if (approval.kind === "patch" && !answer.explained) {
    const hint = "  w: why";
    return [[...truncateLine([{ text: plainLine(reason), style }], width - hint.length), { text: hint, style: { fg: "muted" } }]];
  }
  const why = whyLines({ ...decision, reason }, { width, home: facts.home, style });
  if (count === 0) return why;
  if (answer.explained) return [...why, ...changeLines(decision, { width, most: Infinity })];
  return [...why, truncateLine([{ text: "w: what would change that", style: { fg: "muted" } }], width)];
}

/** Files or hunks that the question lists, on a low screen and on others. */
const LISTED = { low: 3, high: 6 };
const LOW_SCREEN = 30;

function patchQuestion(state: State, approval: Extract<Approval, { kind: "patch" }>, width: number): Line[] {
  const { facts, size } = state;
  const grant =
    approval.grantRoot === ""
      ? []
      : wrapLine(
          [
            {
              text: `It writes below ${shortPath(approval.grantRoot, facts.home)}, which is not writable in this session.`,
              style: { fg: "warning" },
            },
          ],
          {
            width,
          },
        );
  const hunks = choosableHunks(approval);
  const hint = hunks.length > 0 ? "  j k: hunks · space: leave out · pgup pgdn: read" : "  pgup pgdn: read";
  const files = Object.entries(approval.changes).map(([path, change]): Line => {
    const letter = change === "delete" ? "D" : "add" in change ? "A" : change.update.move_path === null ? "M" : "R";
    return [{ text: `  ${letter} `, style: { bold: true } }, { text: harmlessText(relativePath(path, facts.cwd, facts.home)) }];
  });
  const all = hunks.length > 0 ? hunkRows(state, approval) : files;
  return [
    truncateLine(
      [
        { text: "Allow these changes?", style: { bold: true } },
        { text: hint, style: { fg: "muted" } },
      ],
      width,
    ),
    ...listed(all, state.answer.hunk, size.rows < LOW_SCREEN ? LISTED.low : LISTED.high).map((line) => truncateLine(line, width)),
    ...whyAsked(state, approval, width),
    ...grant,
  ];
}

/** The rows around the marked one, with how many there are beside them. */
function listed(all: readonly Line[], marked: number, most: number): Line[] {
  if (all.length <= most + 1) return [...all];
  const from = Math.max(0, Math.min(marked - Math.floor(most / 2), all.length - most));
  return [...all.slice(from, from + most), [{ text: `    … ${String(all.length - most)} more`, style: { fg: "muted" } }]];
}

function hunkRows({ facts, answer }: State, approval: Extract<Approval, { kind: "patch" }>): Line[] {
  return choosableHunks(approval).map((hunk, index): Line => {
    const isTaken = !answer.leftOut.includes(hunk.id);
    const mark = { text: index === answer.hunk ? "▶ " : "  ", style: { fg: "accent" } } as const;
    return [mark, ...hunkTitle(hunkView(hunk, approval.changes, facts), { isTaken, name: `${String(index + 1)} ` })];
  });
}

function mcpQuestion(state: State, approval: Extract<Approval, { kind: "mcp" }>, width: number): Line[] {
  const call: Line = [
    { text: plainLine(approval.server), style: { fg: "tool" } },
    { text: "." },
    { text: plainLine(approval.tool), style: { fg: "tool", bold: true } },
    { text: `(${plainLine(approval.arguments)})` },
  ];
  return [
    [{ text: "Allow this call of an MCP server?", style: { bold: true } }],
    [],
    ...wrapLine(call, { width, rest: [{ text: "  " }] }),
    ...blankBefore(whyAsked(state, approval, width)),
  ];
}

function elicitationQuestion({ server, message, url, fields }: Extract<Approval, { kind: "elicitation" }>, width: number): Line[] {
  const unknown =
    fields === undefined ? wrapText("It asks for values that cannot be written here.", { width, style: { fg: "warning" } }) : [];
  const address = url === "" ? [] : wrapText(harmlessText(url), { width, style: { fg: "link", underline: true } });
  return [
    ...wrapLine([{ text: `The MCP server ${plainLine(server)} asks`, style: { bold: true } }], { width }),
    ...wrapText(harmlessText(message), { width }),
    ...blankBefore([...address, ...unknown]),
  ];
}

function blankBefore(lines: readonly Line[]): Line[] {
  return lines.length === 0 ? [] : [[], ...lines];
}
