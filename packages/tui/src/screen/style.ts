/** A colour by what it means; the theme turns it into a real one. */
export type ColorToken =
  | "text"
  | "muted"
  | "accent"
  | "user"
  | "agent"
  | "command"
  | "tool"
  | "success"
  | "warning"
  | "danger"
  | "selection"
  | "selectionText"
  | "border"
  | "borderFocused"
  | "heading"
  | "link"
  | "code"
  | "quote"
  | "added"
  | "removed"
  | "addedBackground"
  | "removedBackground"
  | "addedWord"
  | "removedWord"
  | "searchMatch"
  | "syntaxKeyword"
  | "syntaxString"
  | "syntaxNumber"
  | "syntaxComment"
  | "syntaxType"
  | "syntaxFunction"
  | "syntaxVariable";

/** One of the terminal's 256 colours; 0 to 15 are those of its own palette. */
export interface IndexedColor {
  readonly index: number;
}

/** 0xRRGGBB. */
export interface RgbColor {
  readonly rgb: number;
}

export type Color = ColorToken | IndexedColor | RgbColor;

/** How text looks. What is left out is inherited: from the surface it is written on, then from the terminal. */
export interface Style {
  readonly fg?: Color | undefined;
  readonly bg?: Color | undefined;
  readonly bold?: boolean | undefined;
  readonly dim?: boolean | undefined;
  readonly italic?: boolean | undefined;
  readonly underline?: boolean | undefined;
  readonly strike?: boolean | undefined;
  readonly reverse?: boolean | undefined;
  /** The target of an OSC 8 hyperlink. Control characters make it no link. */
  readonly link?: string | undefined;
}
