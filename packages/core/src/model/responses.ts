import type { ResponseCreateParamsStreaming } from "openai/resources/responses/responses";
import type { Config } from "../config/config.ts";
import type { Host } from "../host/host.ts";
import type { ResponseItem } from "../protocol/item.ts";
import { modelInfo } from "./catalog.ts";
import { jsonText } from "./json-text.ts";
import type { ModelStep } from "./model-client.ts";
import { openResponsesDecoder } from "./responses-decoder.ts";
import type { CompletedAnswer, EncodedStep, WireFormat } from "./wire-format.ts";

/** The Responses API: `POST {baseUrl}/responses`. */
export function openResponsesWire(config: Config, host: Host, sessionId: string): WireFormat {
  const body = openBodyWriter(config, sessionId);
  let storage = config.provider.supportsResponseStorage && !config.disableResponseStorage;
  let stored: StoredAnswer | undefined;
  let forgotten = 0;

  function encode(step: ModelStep): EncodedStep {
    const continues = stored !== undefined && continuesFrom(stored.items, step.items) ? stored : undefined;
    const items = continues === undefined ? step.items : step.items.slice(continues.items.length);
    return { body: body.write(step, items, { store: storage, continues: continues?.id }), continues: continues?.id };
  }

  function completed(step: ModelStep, answer: CompletedAnswer): void {
    stored = storage && answer.responseId !== "" ? { id: answer.responseId, items: [...step.items, ...answer.items] } : undefined;
  }

  function forget(): void {
    stored = undefined;
    forgotten += 1;
    // A provider that forgets again and again does not store: ask it to keep nothing rather than send every step twice.
    if (forgotten > 1) storage = false;
  }

  return {
    path: "/responses",
    encode,
    decoder: (_step, sink) => openResponsesDecoder(sink, host.log),
    completed,
    forget,
  };
}

interface StoredAnswer {
  readonly id: string;
  /** The transcript up to and with the answer. */
  readonly items: readonly ResponseItem[];
}

function continuesFrom(known: readonly ResponseItem[], items: readonly ResponseItem[]): boolean {
  return items.length > known.length && known.every((item, index) => items[index] === item);
}

interface BodyWriter {
  write(step: ModelStep, items: readonly ResponseItem[], mode: StorageMode): string;
}

interface StorageMode {
  readonly store: boolean;
  readonly continues: string | undefined;
}

/**
 * Writes request bodies: the part before the input is serialised once and reused, each item once, and what can differ
 * (`previous_response_id`) comes last, so that a longer transcript only ever adds bytes after an unchanged prefix.
 */
function openBodyWriter(config: Config, sessionId: string): BodyWriter {
  const written = new WeakMap<ResponseItem, string>();
  let head: { readonly step: ModelStep; readonly store: boolean; readonly text: string } | undefined;

  function headFor(step: ModelStep, store: boolean): string {
    if (head !== undefined && head.store === store && sameFrame(head.step, step)) return head.text;
    const text = jsonText(requestHead(config, step, { store, sessionId })).slice(0, -1);
    head = { step, store, text };
    return text;
  }

  function itemText(item: ResponseItem): string {
    const known = written.get(item);
    if (known !== undefined) return known;
    const text = writeItem(item);
    written.set(item, text);
    return text;
  }

  function write(step: ModelStep, items: readonly ResponseItem[], mode: StorageMode): string {
    let input = "";
    for (const item of items) {
      const text = itemText(item);
      if (text !== "") input += input === "" ? text : `,${text}`;
    }
    const tail = mode.continues === undefined ? "]}" : `],"previous_response_id":${JSON.stringify(mode.continues)}}`;
    return `${headFor(step, mode.store)},"input":[${input}${tail}`;
  }

  return { write };
}

function sameFrame(a: ModelStep, b: ModelStep): boolean {
  if (a.instructions !== b.instructions || a.tools.length !== b.tools.length) return false;
  return a.tools === b.tools || a.tools.every((tool, index) => tool === b.tools[index]);
}

type RequestHead = Omit<ResponseCreateParamsStreaming, "input" | "tools" | "reasoning"> & {
  readonly tools: unknown;
  readonly reasoning?: unknown;
};

function requestHead(config: Config, step: ModelStep, session: { readonly store: boolean; readonly sessionId: string }): RequestHead {
  const info = modelInfo(config.model);
  const reasoning = reasoningSettings(config);
  const text = textSettings(config);
  return {
    model: config.model,
    instructions: step.instructions,
    tools: step.tools,
    tool_choice: "auto",
    parallel_tool_calls: info.parallelToolCalls,
    ...(reasoning === undefined ? {} : { reasoning }),
    ...(text === undefined ? {} : { text }),
    store: session.store,
    // Models known not to reason refuse the request when it asks for their reasoning.
    ...(session.store || (info.known && !info.reasoning) ? {} : { include: ["reasoning.encrypted_content"] }),
    prompt_cache_key: session.sessionId,
    stream: true,
  };
}

/** A model in no known family gets only the effort that the user asked for. */
function reasoningSettings(config: Config): { readonly effort?: string; readonly summary?: string } | undefined {
  const info = modelInfo(config.model);
  const { effort, summary } = config.reasoning;
  const takesEffort = effort !== undefined && (info.reasoning || !info.known);
  const takesSummary = info.reasoning && summary !== "none";
  if (!takesEffort && !takesSummary) return undefined;
  return { ...(takesEffort ? { effort } : {}), ...(takesSummary ? { summary } : {}) };
}

function textSettings(config: Config): NonNullable<ResponseCreateParamsStreaming["text"]> | undefined {
  const info = modelInfo(config.model);
  const verbosity = config.verbosity !== undefined && (info.verbosity || !info.known) ? config.verbosity : undefined;
  if (verbosity === undefined && config.outputSchema === undefined) return undefined;
  return {
    ...(verbosity === undefined ? {} : { verbosity }),
    ...(config.outputSchema === undefined
      ? {}
      : { format: { type: "json_schema" as const, strict: true, name: "codex_output_schema", schema: { ...config.outputSchema } } }),
  };
}

/**
 * The item as input. Ids are left out: they would refer to what the provider may not have stored. Reasoning is sent back
 * only in its encrypted form; without it the provider could not use it, and the item is left out (empty text).
 */
function writeItem(item: ResponseItem): string {
  if (item.type === "reasoning" && typeof item.encrypted_content !== "string") return "";
  const { id: _id, ...rest }: Readonly<Record<string, unknown>> = item.type === "other" ? item.raw : { ...item };
  return jsonText(rest);
}
