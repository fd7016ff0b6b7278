/** What the vi keys of the composer know beside the text. */
export interface Vim {
  readonly mode: "insert" | "normal" | "visual" | "visual-line";
  /** The keys of a command that is not complete yet. */
  readonly pending: readonly string[];
  /** Where the selection began; an offset in the text. */
  readonly anchor: number;
  /** What was cut or copied last; whole lines end with a line break. */
  readonly register: { readonly text: string; readonly linewise: boolean };
  /** What `;` and `,` look for again. */
  readonly lastFind: Find | undefined;
  /** What `.` does again. */
  readonly lastChange: Change | undefined;
  /** Set while text is being inserted. */
  readonly insertion: Insertion;
}

export interface Find {
  readonly key: "f" | "F" | "t" | "T";
  readonly character: string;
}

export interface Change {
  readonly keys: readonly string[];
  /** What was typed after it; empty when it does not insert. */
  readonly inserted: string;
}

interface Insertion {
  /** Of the change that began it; empty when none did. */
  readonly keys: readonly string[];
  /** Where it began; what stood before that. */
  readonly before: string;
  /** Steps that could be undone before it. */
  readonly undoSteps: number;
}

export const NO_INSERTION: Insertion = { keys: [], before: "", undoSteps: 0 };

/** As it is after `/vim`, and after a message was sent: text is typed. */
export const VIM: Vim = {
  mode: "insert",
  pending: [],
  anchor: 0,
  register: { text: "", linewise: false },
  lastFind: undefined,
  lastChange: undefined,
  insertion: NO_INSERTION,
};
