import { createRequire } from "node:module";
import type * as Graphemes from "@xterm/addon-unicode-graphemes";
import type * as Headless from "@xterm/headless";

const require = createRequire(import.meta.url);
const { Terminal } = require("@xterm/headless") as typeof Headless;
const { UnicodeGraphemesAddon } = loadGraphemes();

/** The add-on reads its tables at offset 0 of a Buffer's memory, which holds for buffers outside of the pool only. */
function loadGraphemes(): typeof Graphemes {
  const { poolSize } = Buffer;
  Buffer.poolSize = 0;
  try {
    return require("@xterm/addon-unicode-graphemes") as typeof Graphemes;
  } finally {
    Buffer.poolSize = poolSize;
  }
}

/** A terminal to hold what was painted against. */
export function virtualTerminal(columns: number, rows: number): Headless.Terminal {
  const terminal = new Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 1000 });
  const addon = new UnicodeGraphemesAddon();
  const { unicode } = terminal;
  const register = (provider: Headless.IUnicodeVersionProvider): void => unicode.register(withNewerEmoji(provider));
  addon.activate({ unicode: { register, activeVersion: unicode.activeVersion } } as never);
  unicode.activeVersion = "15-graphemes";
  return terminal;
}

/** The add-on's tables end with Unicode 13 and take emoji of later versions for narrow letters: here they are as wide as every emoji. */
function withNewerEmoji(provider: Headless.IUnicodeVersionProvider): Headless.IUnicodeVersionProvider {
  const known = (code: number): number =>
    code >= 0x1f300 && provider.wcwidth(code) === 1 && /\p{Emoji_Presentation}/u.test(String.fromCodePoint(code)) ? TURTLE : code;
  return {
    version: provider.version,
    wcwidth: (code) => provider.wcwidth(known(code)),
    charProperties: (code, preceding) => provider.charProperties(known(code), preceding),
  };
}

const TURTLE = 0x1f422;

export function feed(terminal: Headless.Terminal, bytes: string): Promise<void> {
  return new Promise((done) => {
    terminal.write(bytes, done);
  });
}

/** The rows of the screen as text, blanks at their ends cut off. */
export function screenText(terminal: Headless.Terminal): string[] {
  const { active } = terminal.buffer;
  return Array.from({ length: terminal.rows }, (_, row) => active.getLine(active.baseY + row)?.translateToString(true) ?? "");
}
