import { APPROVAL_MEANING, SANDBOX_MEANING } from "../cells/session.ts";
import { shortPath } from "../state/command-text.ts";
import type { State } from "../state/model.ts";
import { formatCount } from "../text/format.ts";
import type { Line } from "../text/line.ts";
import { wrapLine } from "../text/wrap.ts";

/** What holds in this session: settings, what the sandbox guarantees, tokens, files. */
export function statusLines(state: State, width: number): Line[] {
  const { facts, usage } = state;
  const entry = (name: string, value: string, detail = ""): Line[] =>
    value === ""
      ? []
      : wrapLine([{ text: value }, { text: detail === "" ? "" : `  ${detail}`, style: { fg: "muted" } }], {
          width,
          first: [{ text: `  ${name.padEnd(12)}`, style: { fg: "muted" } }],
        });
  const window = usage.contextWindow;
  const total = usage.session.total_tokens + usage.task.total_tokens;
  return [
    heading("Session"),
    ...entry("model", facts.model, facts.effort === "" ? facts.provider : `${facts.provider}, ${facts.effort} effort`),
    ...entry("folder", shortPath(facts.cwd, facts.home), facts.branch),
    ...entry("session", facts.sessionId),
    ...entry("record", facts.rolloutPath === "" ? "none is kept" : shortPath(facts.rolloutPath, facts.home)),
    ...entry("version", facts.version),
    [],
    heading("What may happen"),
    ...entry("approval", facts.approval, APPROVAL_MEANING[facts.approval] ?? ""),
    ...entry("sandbox", facts.sandbox, SANDBOX_MEANING[facts.sandbox] ?? ""),
    ...entry("permissions", facts.permissions.join(", ")),
    ...entry("backend", backendText(facts.backend)),
    ...(facts.backend === "" || facts.backend === "none"
      ? []
      : entry(
          "guarantees",
          facts.missingGuarantees.length === 0 ? "all that the policy asks for" : `all but: ${facts.missingGuarantees.join(", ")}`,
        )),
    [],
    heading("Tokens"),
    ...entry(
      "used",
      formatCount(total),
      `${formatCount(usage.session.input_tokens + usage.task.input_tokens)} in, ${formatCount(usage.session.output_tokens + usage.task.output_tokens)} out`,
    ),
    ...entry("cached", formatCount(usage.session.cached_input_tokens + usage.task.cached_input_tokens)),
    ...entry("context", window === undefined ? formatCount(usage.context) : `${formatCount(usage.context)} of ${formatCount(window)}`),
  ];
}

function backendText(backend: string): string {
  if (backend === "") return "not asked for yet: no command has run";
  return backend === "none" ? "none: commands cannot be confined here" : backend;
}

function heading(text: string): Line {
  return [{ text, style: { fg: "heading", bold: true } }];
}
