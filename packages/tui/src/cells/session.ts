import { shortPath } from "../state/command-text.ts";
import type { Facts } from "../state/facts.ts";
import type { Line } from "../text/line.ts";
import { truncateLine } from "../text/wrap.ts";
import type { RenderContext } from "./render-context.ts";

/** The card at the head of a session: what is used, and what may be done with it. */
export function sessionLines(facts: Facts, { width, home }: RenderContext): Line[] {
  const title: Line = [
    { text: "◆ ", style: { fg: "accent" } },
    { text: "codex", style: { fg: "accent", bold: true } },
    { text: facts.version === "" ? "" : ` ${facts.version}`, style: { fg: "muted" } },
  ];
  const rows: Line[] = [
    row("model", facts.model, facts.effort === "" ? facts.provider : `${facts.provider} · ${facts.effort} effort`),
    row("folder", shortPath(facts.cwd, home), facts.branch),
    row("approval", facts.approval, APPROVAL_MEANING[facts.approval] ?? ""),
    row("sandbox", facts.sandbox, SANDBOX_MEANING[facts.sandbox] ?? ""),
    row("session", facts.sessionId, ""),
  ];
  return [[], title, [], ...rows.map((line) => truncateLine(line, width))];
}

function row(name: string, value: string, detail: string): Line {
  return [
    { text: `  ${name.padEnd(10)}`, style: { fg: "muted" } },
    { text: value },
    { text: detail === "" ? "" : ` · ${detail}`, style: { fg: "muted" } },
  ];
}

export const APPROVAL_MEANING: Readonly<Record<string, string>> = {
  "unless-allow-listed": "asks about all that is not known to be safe",
  "auto-edit": "edits unasked, commands asked about",
  "on-request": "asks before leaving the sandbox",
  "on-failure": "asks once the sandbox has refused",
  never: "asks nothing",
};

export const SANDBOX_MEANING: Readonly<Record<string, string>> = {
  "read-only": "no writing, no network",
  "workspace-write": "writes here and in temp folders, no network",
  "danger-full-access": "no confinement",
};
