import type { ContentPart, MessageItem, ResponseItem, ToolCallItem, ToolCallOutputItem } from "../protocol/item.ts";
import { jsonText } from "./json-text.ts";
import type { ModelStep } from "./model-client.ts";

/** Serialises a step as the elements of `messages`, joined by commas. Each item is serialised once per writer. */
export function openMessageWriter(): (step: ModelStep) => string {
  const fragments = new WeakMap<ResponseItem, string>();
  let system: { readonly instructions: string; readonly text: string } | undefined;

  function fragment(item: ResponseItem, write: () => unknown): string {
    const known = fragments.get(item);
    if (known !== undefined) return known;
    const text = jsonText(write());
    fragments.set(item, text);
    return text;
  }

  function writeMessages(step: ModelStep): string {
    if (system?.instructions !== step.instructions) {
      system = { instructions: step.instructions, text: jsonText({ role: "system", content: step.instructions }) };
    }
    const messages = [system.text];
    for (const group of groupItems(step.items)) {
      if (group.type === "assistant") messages.push(assistantMessage(group));
      else if (group.type === "message") messages.push(fragment(group.item, () => plainMessage(group.item)));
      else {
        for (const item of group.items) messages.push(fragment(item, () => toolMessage(item)));
        // Tool messages are text only; what they show follows as a user message.
        const images = group.items.flatMap((item) => (typeof item.output === "string" ? [] : item.output.flatMap(imagePart)));
        if (images.length > 0)
          messages.push(
            JSON.stringify({ role: "user", content: [{ type: "text", text: "Images from the tool results above:" }, ...images] }),
          );
      }
    }
    return messages.join(",");
  }

  function assistantMessage({ texts, calls }: AssistantGroup): string {
    const content =
      texts.length === 0
        ? "null"
        : texts.length === 1 && texts[0] !== undefined
          ? fragment(texts[0], () => textOf(texts[0]?.content ?? []))
          : jsonText(texts.map((item) => textOf(item.content)).join("\n"));
    const toolCalls = calls.length === 0 ? "" : `,"tool_calls":[${calls.map((call) => fragment(call, () => toolCall(call))).join(",")}]`;
    return `{"role":"assistant","content":${content}${toolCalls}}`;
  }

  return writeMessages;
}

interface AssistantGroup {
  readonly type: "assistant";
  readonly texts: MessageItem[];
  readonly calls: ToolCallItem[];
}

type Group =
  | AssistantGroup
  | { readonly type: "outputs"; readonly items: ToolCallOutputItem[] }
  | { readonly type: "message"; readonly item: MessageItem };

/** One answer becomes one assistant message, however many items it had, and the outputs that follow stay together. */
function groupItems(items: readonly ResponseItem[]): readonly Group[] {
  const groups: Group[] = [];
  for (const item of items) {
    const last = groups.at(-1);
    switch (item.type) {
      case "message":
        if (item.role !== "assistant") groups.push({ type: "message", item });
        else if (last?.type === "assistant") last.texts.push(item);
        else groups.push({ type: "assistant", texts: [item], calls: [] });
        break;
      case "function_call":
      case "custom_tool_call":
        if (last?.type === "assistant") last.calls.push(item);
        else groups.push({ type: "assistant", texts: [], calls: [item] });
        break;
      case "function_call_output":
      case "custom_tool_call_output":
        if (last?.type === "outputs") last.items.push(item);
        else groups.push({ type: "outputs", items: [item] });
        break;
      case "reasoning":
      case "other":
        break;
    }
  }
  return groups;
}

function plainMessage(item: MessageItem): object {
  const role = item.role === "user" ? "user" : "system";
  if (role === "system" || !item.content.some((part) => part.type === "input_image")) return { role, content: textOf(item.content) };
  const content = item.content.flatMap((part): object[] =>
    part.type === "input_image" ? imagePart(part) : [{ type: "text", text: part.text }],
  );
  return { role, content };
}

function toolMessage(item: ToolCallOutputItem): object {
  const content = typeof item.output === "string" ? item.output : textOf(item.output) || "(images)";
  return { role: "tool", tool_call_id: item.call_id, content };
}

function toolCall(call: ToolCallItem): object {
  const argumentsText = call.type === "function_call" ? call.arguments || "{}" : JSON.stringify({ input: call.input });
  return { id: call.call_id, type: "function", function: { name: call.name, arguments: argumentsText } };
}

function imagePart(part: ContentPart): object[] {
  if (part.type !== "input_image") return [];
  const detail = part.detail === undefined || part.detail === "original" ? {} : { detail: part.detail };
  return [{ type: "image_url", image_url: { url: part.image_url, ...detail } }];
}

function textOf(content: readonly ContentPart[]): string {
  return content.flatMap((part) => (part.type === "input_image" ? [] : [part.text])).join("\n");
}
