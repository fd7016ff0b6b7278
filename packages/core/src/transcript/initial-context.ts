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
  const projectDocs = await readProjectDocs(config, host);
  const items: MessageItem[] = [];
  if (config.developerInstructions !== undefined) items.push(message("developer", config.developerInstructions));
  if (projectDocs.length > 0) items.push(message("user", projectDocText(config, projectDocs)));
  items.push(message("user", environmentText(config, host)));
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

function environmentText(config: Config, host: Host): string {
  const now = new Date(host.clock.now());
  const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone;
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

function localDate(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
