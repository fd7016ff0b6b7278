/**
 * The transcript's items, keys exactly as the Responses API has them on the wire. Unknown kinds and unknown keys are kept
 * and sent back as they came, so a newer server's items survive a round trip.
 */
export type ContentPart =
  | { readonly type: "input_text"; readonly text: string }
  | { readonly type: "output_text"; readonly text: string }
  | { readonly type: "input_image"; readonly image_url: string; readonly detail?: "auto" | "low" | "high" | "original" };

export interface MessageItem {
  readonly type: "message";
  readonly id?: string;
  readonly role: "user" | "assistant" | "developer" | "system";
  readonly content: readonly ContentPart[];
}

export interface ReasoningItem {
  readonly type: "reasoning";
  readonly id?: string;
  readonly summary: readonly { readonly type: "summary_text"; readonly text: string }[];
  readonly encrypted_content?: string | null;
}

export interface FunctionCallItem {
  readonly type: "function_call";
  readonly id?: string;
  readonly call_id: string;
  readonly name: string;
  /** JSON in a string, as the model wrote it: it may not parse. */
  readonly arguments: string;
}

export interface CustomToolCallItem {
  readonly type: "custom_tool_call";
  readonly id?: string;
  readonly call_id: string;
  readonly name: string;
  readonly input: string;
}

/** What a tool gives back to the model: text, or parts when there are images. */
export type OutputPayload = string | readonly ContentPart[];

export interface FunctionCallOutputItem {
  readonly type: "function_call_output";
  readonly call_id: string;
  readonly output: OutputPayload;
}

export interface CustomToolCallOutputItem {
  readonly type: "custom_tool_call_output";
  readonly call_id: string;
  readonly output: OutputPayload;
}

/** An item of a kind this version does not know. */
export interface OtherItem {
  readonly type: "other";
  readonly raw: Readonly<Record<string, unknown>>;
}

export type ToolCallItem = FunctionCallItem | CustomToolCallItem;
export type ToolCallOutputItem = FunctionCallOutputItem | CustomToolCallOutputItem;
export type ResponseItem = MessageItem | ReasoningItem | ToolCallItem | ToolCallOutputItem | OtherItem;

/** The text of a message: its text parts joined, images left out. */
export function messageText(item: MessageItem): string {
  return item.content.map((part) => (part.type === "input_image" ? "" : part.text)).join("");
}

/** The output item that answers `call`, of the kind the call needs. */
export function outputFor(call: ToolCallItem, output: OutputPayload): ToolCallOutputItem {
  const type = call.type === "function_call" ? "function_call_output" : "custom_tool_call_output";
  return { type, call_id: call.call_id, output };
}
