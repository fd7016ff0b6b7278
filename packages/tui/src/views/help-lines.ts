import type { Binding, KeyContext } from "../input/keymap.ts";
import type { State } from "../state/model.ts";
import { SLASH_COMMANDS } from "../state/slash-commands.ts";
import { VIM_KEYS } from "../vim/key-help.ts";
import type { Line } from "../text/line.ts";
import { lineWidth } from "../text/line.ts";
import { wrapLine } from "../text/wrap.ts";

const CONTEXTS: readonly (readonly [KeyContext, string])[] = [
  ["composer", "Composer"],
  ["global", "Everywhere"],
  ["history", "History pane (tab)"],
  ["approval", "Review"],
  ["list", "Lists"],
  ["overlay", "Full-screen views"],
];

/** Every command and every key in force, from the tables that make them work. */
export function helpLines(state: State, width: number): Line[] {
  const { bindings } = state.settings.keymap;
  return [
    heading("Commands"),
    ...SLASH_COMMANDS.flatMap(({ name, argument, help }) => entry(`/${name}${argument === "" ? "" : ` ${argument}`}`, help, width)),
    ...entry("@name", "put in the path of a file", width),
    ...entry("!command", "run a command yourself; the model sees it with your next message", width),
    ...entry("\\ enter", "new line, where the terminal knows no other", width),
    ...CONTEXTS.flatMap(([context, title]) => [
      [],
      heading(title),
      ...bindings.filter((each) => each.context === context).flatMap((each) => bindingLines(each, width)),
    ]),
    [],
    heading(`Composer with vi keys (/vim${state.vim === undefined ? "" : ", on"})`),
    ...VIM_KEYS.flatMap(([keys, help]) => entry(keys, help, width)),
    [],
    ...wrapLine(
      [
        {
          text: 'Keys are changed in config.toml below [tui.keymap]: action = ["key", …]. The action\'s name stands behind its help.',
          style: { fg: "muted" },
        },
      ],
      { width },
    ),
  ];
}

function heading(text: string): Line {
  return [{ text, style: { fg: "heading", bold: true } }];
}

function bindingLines({ action, keys, help }: Binding, width: number): Line[] {
  const lines = entry(keys.length === 0 ? "(none)" : keys.join("  "), help, width);
  const last = lines.at(-1) ?? [];
  const name = `  ${action}`;
  return lineWidth(last) + name.length <= width
    ? [...lines.slice(0, -1), [...last, { text: name, style: { fg: "muted", dim: true } }]]
    : lines;
}

const KEYS = 30;

function entry(keys: string, help: string, width: number): Line[] {
  if (width < 60) {
    return [
      ...wrapLine([{ text: keys, style: { fg: "accent" } }], { width, first: [{ text: "  " }] }),
      ...wrapLine([{ text: help }], { width, first: [{ text: "    " }] }),
    ];
  }
  if (keys.length > KEYS - 2)
    return [
      [{ text: `  ${keys}`, style: { fg: "accent" } }],
      ...wrapLine([{ text: help }], { width, first: [{ text: " ".repeat(KEYS + 2) }] }),
    ];
  return wrapLine([{ text: help }], { width, first: [{ text: `  ${keys.padEnd(KEYS)}`, style: { fg: "accent" } }] });
}
