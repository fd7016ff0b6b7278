export type Style = "bold" | "dim" | "red" | "green" | "yellow" | "magenta" | "cyan";

/** Wraps text in a style, or leaves it alone when colours are off. */
export type Paint = (style: Style, text: string) => string;

const CODES: Readonly<Record<Style, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  magenta: [35, 39],
  cyan: [36, 39],
};

export function makePaint(enabled: boolean): Paint {
  if (!enabled) return (_style, text) => text;
  return (style, text) => {
    const [on, off] = CODES[style];
    // Line by line, so that a pager or a cut leaves no colour running.
    return text
      .split("\n")
      .map((line) => (line === "" ? "" : `\u001b[${String(on)}m${line}\u001b[${String(off)}m`))
      .join("\n");
  };
}

export interface ColorQuestion {
  readonly when: "always" | "never" | "auto";
  readonly isTerminal: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Whether to colour: what was asked for, else NO_COLOR (https://no-color.org), else whether a terminal is there that can. */
export function wantsColor({ when, isTerminal, env }: ColorQuestion): boolean {
  if (when !== "auto") return when === "always";
  const noColor = env["NO_COLOR"];
  if (noColor !== undefined && noColor !== "") return false;
  return isTerminal && env["TERM"] !== "dumb";
}
