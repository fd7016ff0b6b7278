import type { Config } from "../config/config.ts";
import type { Host } from "../host/host.ts";
import type { MessageItem } from "../protocol/item.ts";
import { BASE_INSTRUCTIONS } from "./base-instructions.ts";
import { readProjectDocs, type ProjectDoc } from "./project-docs.ts";

/** What the model is told before the first user message. Made once per session, so the prefix never changes. */
export interface InitialContext {
  readonly instructions: string;
  readonly items: readonly MessageItem[];
  readonly projectDocs: readonly ProjectDoc[];
}

export async function buildInitialContext(config: Config, host: Host): Promise<InitialContext> {
  const [projectDocs, timezone] = await Promise.all([readProjectDocs(config, host), readTimezone(host)]);
  const items: MessageItem[] = [];
  if (config.developerInstructions !== undefined) items.push(message("developer", config.developerInstructions));
  if (projectDocs.length > 0) items.push(message("user", projectDocText(config, projectDocs)));
  items.push(message("user", environmentText(config, host, timezone)));
  return { instructions: config.baseInstructions ?? BASE_INSTRUCTIONS, items, projectDocs };
}

function message(role: "developer" | "user", text: string): MessageItem {
  return { type: "message", role, content: [{ type: "input_text", text }] };
}

function projectDocText(config: Config, docs: readonly ProjectDoc[]): string {
  const parts = docs.map((doc) => {
    const cut = doc.cutBytes > 0 ? `\n(${doc.cutBytes} more bytes of this file are left out)` : "";
    return `--- ${doc.path} ---\n${doc.text}${cut}`;
  });
  return `# AGENTS.md instructions for ${config.cwd}\n\n<INSTRUCTIONS>\n${parts.join("\n\n")}\n</INSTRUCTIONS>`;
}

function environmentText(config: Config, host: Host, timezone: string): string {
  const now = new Date(host.clock.now());
  const lines = [
    `  <cwd>${config.cwd}</cwd>`,
    `  <os>${host.platform.os}</os>`,
    `  <shell>${host.env["SHELL"] ?? "sh"}</shell>`,
    `  <current_date>${localDate(now)}</current_date>`,
    `  <timezone>${timezone}</timezone>`,
    `  <approval_policy>${config.approvalPolicy}</approval_policy>`,
    `  <sandbox_permissions>${JSON.stringify(config.sandboxPolicy.permissions)}</sandbox_permissions>`,
  ];
  return `<environment_context>\n${lines.join("\n")}\n</environment_context>`;
}

/** The zone's name where the system tells it, else the offset. Not asked of Intl: loading it costs more than all the rest. */
async function readTimezone(host: Host): Promise<string> {
  const named = host.env["TZ"]?.replace(/^:/, "");
  if (named) return named;
  const target = await host.fs.realPath("/etc/localtime").catch(() => "");
  const zone = /\/zoneinfo(?:\.default)?\/(.+)$/.exec(target)?.[1];
  if (zone !== undefined) return zone;
  const minutes = -new Date(host.clock.now()).getTimezoneOffset();
  const [sign, distance] = [minutes < 0 ? "-" : "+", Math.abs(minutes)];
  return `UTC${sign}${String(Math.floor(distance / 60)).padStart(2, "0")}:${String(distance % 60).padStart(2, "0")}`;
}

function localDate(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
