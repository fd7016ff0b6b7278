import { answerForm } from "./answer-form.ts";
import { EMPTY_EDITOR, editorWith } from "./editor.ts";
import type { Facts } from "./facts.ts";
import type { Settings, State } from "./model.ts";

export interface InitialState {
  readonly size: State["size"];
  readonly settings: Settings;
  readonly facts: Pick<Facts, "version" | "cwd" | "home">;
  readonly now: number;
}

/** The state of the first frame: nothing of the session is known yet. */
export function initialState({ size, settings, facts, now }: InitialState): State {
  const unknown = {
    model: "",
    provider: "",
    effort: "",
    approval: "",
    sandbox: "",
    branch: "",
    sessionId: "",
    rolloutPath: "",
    backend: "",
  };
  const known: Facts = { ...unknown, permissions: [], missingGuarantees: [], mcpServers: [], ...facts };
  return {
    size,
    now,
    phase: "starting",
    settings,
    facts: known,
    history: [],
    live: [],
    nextCellId: 1,
    task: undefined,
    usage: { session: NO_TOKENS, task: NO_TOKENS, context: 0, contextWindow: undefined },
    plan: [],
    turnDiff: "",
    logLine: "",
    tick: 0,
    editor: editorWith("", EMPTY_EDITOR),
    vim: undefined,
    queue: [],
    prompts: { entries: [], at: undefined, draft: "" },
    shellNotes: [],
    popup: undefined,
    approvals: [],
    answer: answerForm(undefined),
    overlay: undefined,
    allowed: {},
    mcp: {},
    focus: "composer",
    mouse: "wheel",
    toast: "",
    answeredBy: { name: "", at: -Infinity },
    typedAt: -Infinity,
    quitArmedUntil: 0,
    rewindArmedUntil: 0,
    gitWarning: false,
    nextToken: 1,
  };
}

const NO_TOKENS = { input_tokens: 0, cached_input_tokens: 0, output_tokens: 0, reasoning_output_tokens: 0, total_tokens: 0 };
