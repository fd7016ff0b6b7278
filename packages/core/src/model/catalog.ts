/** What the client has to know about a model before it asks it. */
export interface ModelInfo {
  /** False: the name is in no known family and the rest are cautious guesses. */
  readonly known: boolean;
  /** Tokens the model can take in all. */
  readonly contextWindow: number;
  /** Takes `reasoning` settings and returns reasoning items. */
  readonly reasoning: boolean;
  /** How `apply_patch` is best offered: as free text under a grammar, or as a function with JSON arguments. */
  readonly applyPatch: "freeform" | "function";
  readonly parallelToolCalls: boolean;
  /** Takes `text.verbosity`. */
  readonly verbosity: boolean;
}

const GPT_5: ModelInfo = {
  known: true,
  contextWindow: 272_000,
  reasoning: true,
  applyPatch: "freeform",
  parallelToolCalls: true,
  verbosity: true,
};
const O_SERIES: ModelInfo = { ...GPT_5, contextWindow: 200_000, applyPatch: "function", verbosity: false };
const GPT_4: ModelInfo = { ...O_SERIES, contextWindow: 128_000, reasoning: false };
const UNKNOWN: ModelInfo = { ...GPT_4, known: false };

/** Family prefix → what it can do. The longest prefix that fits wins. */
const FAMILIES: Readonly<Record<string, ModelInfo>> = {
  "gpt-6": GPT_5,
  "gpt-5": GPT_5,
  "gpt-5-chat": { ...GPT_5, contextWindow: 128_000, reasoning: false, applyPatch: "function", verbosity: false },
  "codex-mini": { ...O_SERIES, contextWindow: 200_000 },
  "gpt-oss": { ...O_SERIES, contextWindow: 131_072 },
  "gpt-4.1": { ...GPT_4, contextWindow: 1_047_576 },
  "gpt-4o": GPT_4,
  "gpt-4": GPT_4,
  "gpt-3.5": { ...GPT_4, contextWindow: 16_385 },
  o1: O_SERIES,
  o3: O_SERIES,
  o4: O_SERIES,
};

/** Looks a model up by family: a vendor prefix (`openai/gpt-5`) and anything after the family's name are ignored. */
export function modelInfo(slug: string): ModelInfo {
  const name = slug.slice(slug.lastIndexOf("/") + 1).toLowerCase();
  let best = "";
  for (const prefix of Object.keys(FAMILIES)) if (prefix.length > best.length && isFamily(name, prefix)) best = prefix;
  return FAMILIES[best] ?? UNKNOWN;
}

function isFamily(name: string, prefix: string): boolean {
  return name === prefix || (name.startsWith(prefix) && /^[-.:@]/.test(name.slice(prefix.length)));
}
