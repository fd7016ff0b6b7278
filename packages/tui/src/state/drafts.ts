import { editorWith, type EditorToken } from "./editor.ts";
import type { Draft } from "./editor.ts";
import type { State } from "./model.ts";

/** Puts what the command line brought before what was written meanwhile. */
export function queueFirst(state: State, prompt: string, images: readonly string[]): State {
  if (prompt === "" && images.length === 0) return state;
  const tokens = images.map((path, index) => imageToken(state.nextToken + index, path));
  const text = [...tokens.map(({ label }) => label), prompt].join(" ").trim();
  return { ...state, nextToken: state.nextToken + tokens.length, queue: [{ text, tokens }, ...state.queue] };
}

/** What stands for an image in the text. */
export function imageToken(number: number, path: string): EditorToken {
  return { label: `[Image #${String(number)}]`, content: { type: "image", path } };
}

/** Takes what waits back into the composer, before what stands there. */
export function recallQueue(state: State): State {
  return state.queue.length === 0 ? state : { ...recallDraft(state, joinDrafts(state.queue)), queue: [] };
}

/** Puts a message back into the composer, before what stands there. */
export function recallDraft(state: State, { text, tokens }: Draft): State {
  const own = state.editor.text === "" ? "" : `\n${state.editor.text}`;
  const editor = { ...editorWith(text + own, state.editor), tokens: [...tokens, ...state.editor.tokens] };
  return { ...state, editor, prompts: { ...state.prompts, at: undefined } };
}

/** Messages as one. */
export function joinDrafts(drafts: readonly Draft[]): Draft {
  return { text: drafts.map(({ text }) => text).join("\n\n"), tokens: drafts.flatMap(({ tokens }) => tokens) };
}
