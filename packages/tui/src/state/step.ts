import type { Effect } from "./effect.ts";
import type { State } from "./model.ts";

/** The state after a message, and what is to be done outside of it, in order. */
export interface Step {
  readonly state: State;
  readonly effects: readonly Effect[];
}

export function only(state: State): Step {
  return { state, effects: [] };
}
