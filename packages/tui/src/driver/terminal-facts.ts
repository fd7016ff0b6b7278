import type { TerminalFacts } from "./driver.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const TRUE_COLOR_TERMS = /-direct$|kitty|ghostty|alacritty|foot|wezterm|contour/;
const TRUE_COLOR_PROGRAMS = new Set(["iTerm.app", "WezTerm", "ghostty", "vscode", "Hyper", "rio"]);

/** What the environment says about the terminal. NO_COLOR and TERM=dumb mean no colour, COLORTERM true colour. */
export function terminalFacts(env: Environment): TerminalFacts {
  const term = env["TERM"] ?? "";
  const program = env["TERM_PROGRAM"] ?? "";
  const multiplexer = isSet(env["TMUX"]) ? "tmux" : isSet(env["STY"]) ? "screen" : undefined;
  return {
    term,
    program,
    colorDepth: colorDepth(env, { term, program }),
    multiplexer,
    remote: isSet(env["SSH_CONNECTION"]) || isSet(env["SSH_TTY"]),
    backgroundErase: !(multiplexer === "screen" || (multiplexer === undefined && /^(screen|vt|dumb)/.test(term))),
  };
}

/** Terminals that take the sequence for xterm's modified keys as what it is. */
export function knowsModifyOtherKeys({ term, program }: TerminalFacts): boolean {
  return /^(xterm|tmux|screen|foot|alacritty|wezterm|rxvt)/.test(term) && program !== "Apple_Terminal";
}

function colorDepth(env: Environment, { term, program }: { readonly term: string; readonly program: string }): TerminalFacts["colorDepth"] {
  if (isSet(env["NO_COLOR"]) || term === "dumb") return "none";
  if (/^(truecolor|24bit)$/i.test(env["COLORTERM"] ?? "") || isSet(env["WT_SESSION"])) return "true";
  if (TRUE_COLOR_PROGRAMS.has(program) || TRUE_COLOR_TERMS.test(term)) return "true";
  return term.includes("256color") ? "256" : "16";
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "";
}
