import type { ScriptedItem, ScriptedUsage } from "./scripted-turn.ts";

export type WireName = "responses" | "chat";

export interface TurnContext {
  readonly wire: WireName;
  /** 1-based number of the request; response and call ids are made of it. */
  readonly number: number;
  readonly model: string;
}

/** An answer, its events not yet joined into writes. */
export interface EventPlan {
  readonly items: readonly ScriptedItem[];
  readonly unfinishedText?: string | undefined;
  readonly usage: ScriptedUsage;
  readonly ending:
    | { readonly type: "completed" }
    | { readonly type: "failed"; readonly code: string; readonly message: string }
    | { readonly type: "incomplete"; readonly reason: string }
    | { readonly type: "none" };
}

/** The deltas a text is sent in. */
export function deltasOf(item: ScriptedItem & { readonly type: "text" }): readonly string[] {
  return item.deltas ?? piecesOf(item.text);
}

/** Pieces of 24 UTF-16 units, characters kept whole. */
export function piecesOf(text: string): readonly string[] {
  return text.match(/[\s\S]{1,23}(?:[\ud800-\udbff][\udc00-\udfff]|[\s\S])?/g) ?? [];
}
