import type { Canonical } from "./canonical.ts";
import type { StreamBlock } from "./split-events.ts";

/**
 * The canonical form of one answer's blocks. What a model writes comes in pieces, and a path or a key may be torn between
 * two: such a text is made canonical as a whole and cut again, about where it was, but never inside a placeholder.
 */
export function canonicalAnswer(blocks: readonly StreamBlock[], canonical: Canonical): StreamBlock[] {
  const result = blocks.map((block) => canonical.value(block) as StreamBlock);
  const texts = new Map<string, { readonly from: string[]; readonly to: Piece[] }>();
  blocks.forEach((block, index) => {
    const into = piecesOf(result[index]);
    piecesOf(block).forEach((piece, position) => {
      const target = into[position];
      if (target === undefined) return;
      const text = texts.get(piece.text) ?? { from: [], to: [] };
      texts.set(piece.text, text);
      text.from.push(String(piece.holder[piece.key]));
      text.to.push(target);
    });
  });
  for (const { from, to } of texts.values()) {
    const whole = String(canonical.value(from.join("")));
    if (to.map(({ holder, key }) => holder[key]).join("") === whole) continue;
    const pieces = cutAgain(whole, from);
    to.forEach(({ holder, key }, index) => (holder[key] = pieces[index] ?? ""));
  }
  return result;
}

/** A string member that continues a text; `text` names it within the answer. */
interface Piece {
  readonly text: string;
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

function piecesOf(block: StreamBlock | undefined): Piece[] {
  const data = block !== undefined && "data" in block ? block.data : undefined;
  if (!isRecord(data)) return [];
  if (typeof data["type"] === "string" && typeof data["delta"] === "string") {
    const place = ["type", "item_id", "output_index", "content_index", "summary_index"].map((key) => String(data[key]));
    return [{ text: place.join("/"), holder: data, key: "delta" }];
  }
  return recordsIn(data["choices"]).flatMap((choice) =>
    isRecord(choice["delta"]) ? chatPieces(choice["delta"], String(choice["index"])) : [],
  );
}

const CHAT_TEXTS = ["content", "refusal", "reasoning", "reasoning_content"];

function chatPieces(delta: Record<string, unknown>, choice: string): Piece[] {
  const texts = CHAT_TEXTS.filter((key) => typeof delta[key] === "string").map((key) => ({ text: `${choice}/${key}`, holder: delta, key }));
  const calls = recordsIn(delta["tool_calls"]).flatMap(({ index, function: called }) =>
    isRecord(called) && typeof called["arguments"] === "string"
      ? [{ text: `${choice}/call/${String(index)}`, holder: called, key: "arguments" }]
      : [],
  );
  return [...texts, ...calls];
}

const WHOLE = /\{\{[a-z_:]*\}\}/g;

function cutAgain(text: string, before: readonly string[]): string[] {
  const placeholders = [...text.matchAll(WHOLE)].map((match) => ({ start: match.index, end: match.index + match[0].length }));
  let start = 0;
  return before.map((piece, index) => {
    const cut = Math.min(start + piece.length, text.length);
    const torn = placeholders.find((placeholder) => placeholder.start < cut && cut < placeholder.end);
    const end = index === before.length - 1 ? text.length : Math.max(start, torn?.end ?? cut);
    const part = text.slice(start, end);
    start = end;
    return part;
  });
}

function recordsIn(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
