import type { McpServerFacts } from "../state/facts.ts";
import type { McpServerStatus, State } from "../state/model.ts";
import { harmlessText, plainLine } from "../text/ansi.ts";
import type { Line, Span } from "../text/line.ts";
import { wrapLine, wrapText } from "../text/wrap.ts";

/** The servers of the configuration, how they stand, and the tools they have. */
export function mcpLines({ facts, mcp }: State, width: number): Line[] {
  const configured = facts.mcpServers;
  const others = Object.keys(mcp).filter((name) => !configured.some((server) => server.name === name));
  const unknown = others.map((name): McpServerFacts => ({ name, transport: "", enabled: true, required: false, settings: [] }));
  const servers = [...configured, ...unknown];
  if (servers.length === 0) return wrapText("No MCP server is configured. `codex mcp add NAME -- COMMAND` adds one.", { width });
  return servers.flatMap((server, index) => [...(index === 0 ? [] : [[]]), ...serverLines(server, mcp[server.name], width)]);
}

function serverLines(server: McpServerFacts, status: McpServerStatus | undefined, width: number): Line[] {
  const { sign, words } = standing(server, status);
  const head: Line = [
    { text: plainLine(server.name), style: { bold: true } },
    { text: `  ${words}${server.required ? " · required" : ""}`, style: { fg: "muted" } },
  ];
  const detail = (text: string, style: Span["style"]): Line[] =>
    text === "" ? [] : wrapText(harmlessText(text), { width, first: [{ text: "  " }], rest: [{ text: "  " }], style });
  return [
    ...wrapLine(head, { width, first: [sign], rest: [{ text: "  " }] }),
    ...detail(server.transport, { fg: "muted" }),
    ...detail(status?.error ?? "", { fg: "danger" }),
    ...toolLines(server, status?.tools, width),
  ];
}

function standing({ enabled }: McpServerFacts, status: McpServerStatus | undefined): { readonly sign: Span; readonly words: string } {
  if (!enabled) return { sign: { text: "○ ", style: { fg: "muted" } }, words: "off by its settings" };
  switch (status?.state) {
    case "ready":
      return { sign: { text: "● ", style: { fg: "success" } }, words: "ready" };
    case "failed":
      return { sign: { text: "✗ ", style: { fg: "danger" } }, words: "failed" };
    case "cancelled":
      return { sign: { text: "○ ", style: { fg: "muted" } }, words: "ended" };
    case "starting":
      return { sign: { text: "◌ ", style: { fg: "warning" } }, words: "starting" };
    case undefined:
      return { sign: { text: "○ ", style: { fg: "muted" } }, words: "not started yet" };
  }
}

/** The tools it has, and below them those that only its settings name. */
function toolLines({ settings }: McpServerFacts, tools: readonly string[] | undefined, width: number): Line[] {
  const named = [...new Set([...(tools ?? []), ...settings.map(({ tool }) => tool)])];
  return named.flatMap((tool) => {
    const says = settings.filter((each) => each.tool === tool).map((each) => each.says);
    const line: Line = [
      { text: plainLine(tool), style: { fg: tools?.includes(tool) === false ? "muted" : "tool" } },
      { text: says.length === 0 ? "" : `  ${says.join(" · ")}`, style: { fg: "muted" } },
    ];
    return wrapLine(line, { width, first: [{ text: "    " }], rest: [{ text: "      " }] });
  });
}
