import { approvalOptions } from "../state/approval-options.ts";
import type { ElicitationField } from "../state/elicitation-form.ts";
import { selectedField } from "../state/fill-form.ts";
import { choosableHunks, hunkName } from "../state/hunk-choice.ts";
import { relativePath } from "../state/command-text.ts";
import type { Approval, State } from "../state/model.ts";
import { plainLine } from "../text/ansi.ts";
import { parseUnifiedDiff } from "../text/diff-rows.ts";
import { plural } from "../text/format.ts";
import { plainText } from "../text/line.ts";
import { questionLines } from "../views/approval-question.ts";
import { keyOf } from "../views/approval.ts";
import { countWords, patchWords, rowWords } from "./cell-words.ts";

/** Wide enough for a sentence to be one line. */
const WIDE = 100_000;

/** A question with all its answers, each with its number and its key. */
export function questionWords(state: State, approval: Approval): string[] {
  const more = state.approvals.length - 1;
  return [
    `Question.${more > 0 ? ` ${String(more)} more after it.` : ""}`,
    ...subjectWords(state, approval),
    ...fieldsWords(approval),
    ...answersWords(state, approval),
  ];
}

function subjectWords(state: State, approval: Approval): string[] {
  if (approval.kind !== "patch") {
    return questionLines(state, approval, WIDE)
      .map((line) => plainText(line).trim())
      .filter((line) => line !== "");
  }
  const hunks = choosableHunks(approval);
  const why = [approval.reason || (approval.decision?.reason ?? ""), grantWords(approval)].filter((text) => text !== "").map(plainLine);
  return [
    "Allow these changes?",
    ...patchWords(approval, { facts: state.facts, full: true }),
    ...why,
    ...(hunks.length === 0
      ? []
      : [`It has ${plural(hunks.length, "hunk")}: j and k go through them, space leaves one out or takes it again.`]),
  ];
}

function grantWords({ grantRoot }: Extract<Approval, { kind: "patch" }>): string {
  return grantRoot === "" ? "" : `It writes below ${grantRoot}, which is not writable in this session.`;
}

/** Number, answer, key. */
function answersWords(state: State, approval: Approval): string[] {
  return approvalOptions(state, approval).map(({ action, label }, index) => {
    // A number of the keymap's would be the number of another answer.
    const key = keyOf(state, action);
    return `${String(index + 1)}: ${plainLine(label)}${/^\d$/.test(key) ? "" : ` (${key})`}`;
  });
}

function fieldsWords(approval: Approval): string[] {
  const fields = approval.kind === "elicitation" ? (approval.fields ?? []) : [];
  if (fields.length === 0) return [];
  const names = fields.map(({ title, required }) => `${plainLine(title)}${required ? " (required)" : ""}`);
  return [`A form of ${plural(fields.length, "field")}: ${names.join(", ")}. Up and down go through fields and answers.`];
}

/** What the mark stands on now: a field of the form, or an answer. */
export function markedWords(state: State, approval: Approval): string {
  const field = selectedField(state, approval);
  const { selected, values } = state.answer;
  if (field === undefined) return answersWords(state, approval)[selected - values.length] ?? "";
  const value = values[selected]?.text ?? "";
  const filled = value === "" ? "empty" : (field.options.find((each) => each.value === value)?.label ?? value);
  return `${plainLine(field.title)}${field.required ? ", required" : ""}: ${plainLine(filled)}. ${howToFill(field)}`.trim();
}

function howToFill({ type, options, description }: ElicitationField): string {
  const about = description === "" ? "" : `${plainLine(description)}. `;
  switch (type) {
    case "boolean":
    case "choice":
      return `${about}Space chooses: ${options.map(({ label }) => plainLine(label)).join(", ")}.`;
    case "choices":
      return `${about}Write some of ${options.map(({ label }) => plainLine(label)).join(", ")}, with commas.`;
    case "number":
    case "integer":
      return `${about}A number.`;
    case "text":
      return about.trim();
  }
}

/** The marked hunk: whether it is taken, and what it changes. */
export function hunkWords(state: State, approval: Approval, withLines: boolean): string[] {
  const hunks = choosableHunks(approval);
  const hunk = hunks[state.answer.hunk];
  if (hunk === undefined) return [];
  const rows = parseUnifiedDiff(hunk.unified_diff ?? "");
  const name = plainLine(relativePath(hunk.path, state.facts.cwd, state.facts.home));
  const taken = state.answer.leftOut.includes(hunk.id) ? "left out" : "taken";
  const head = `${hunkName(state.answer.hunk, hunks.length)}, ${hunk.kind} ${name}, ${taken}.${countWords(rows)}`;
  return [head, ...(withLines ? rows.map(rowWords) : [])];
}
