import type { ResponseItem, ToolCallItem } from "../protocol/item.ts";
import { outputFor } from "../protocol/item.ts";

/**
 * What the model has been told and has said, oldest first. But for a rollback it only grows, and its items never change: the request's
 * prefix stays the same bytes, and each item is serialised once.
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

  /** Keeps the first `length` items. They must hold the output of every call among them. */
  truncate(length: number): void {
    this.#items.length = Math.min(length, this.#items.length);
  }

  /** Answers every call that has no output yet with `text`, so that the next request is well formed. */
  closeOpenCalls(text: string): void {
    // Not by id alone: a provider may use one again in a later answer.
    const open: ToolCallItem[] = [];
    for (const item of this.#items) {
      if (item.type === "function_call" || item.type === "custom_tool_call") open.push(item);
      else if (item.type === "function_call_output" || item.type === "custom_tool_call_output") {
        const at = open.findIndex((call) => call.call_id === item.call_id);
        if (at !== -1) open.splice(at, 1);
      }
    }
    this.add(open.map((call) => outputFor(call, text)));
  }
}
