import type { ResponseItem, ToolCallItem } from "../protocol/item.ts";
import { outputFor } from "../protocol/item.ts";

/**
 * What the model has been told and has said, oldest first. It only grows, and its items never change: the request's prefix
 * stays the same bytes, and each item is serialised once.
 */
export class History {
  readonly #items: ResponseItem[] = [];
  readonly #onAdd: (item: ResponseItem) => void;

  /** `onAdd` is called for every item as it joins, e.g. to record it. */
  constructor(onAdd: (item: ResponseItem) => void) {
    this.#onAdd = onAdd;
  }

  get items(): readonly ResponseItem[] {
    return this.#items;
  }

  add(items: readonly ResponseItem[]): void {
    for (const item of items) {
      this.#items.push(item);
      this.#onAdd(item);
    }
  }

  /** Answers every call that has no output yet with `text`, so that the next request is well formed. */
  closeOpenCalls(text: string): void {
    const answered = new Set<string>();
    const calls: ToolCallItem[] = [];
    for (const item of this.#items) {
      if (item.type === "function_call" || item.type === "custom_tool_call") calls.push(item);
      else if (item.type === "function_call_output" || item.type === "custom_tool_call_output") answered.add(item.call_id);
    }
    this.add(calls.filter((call) => !answered.has(call.call_id)).map((call) => outputFor(call, text)));
  }
}
