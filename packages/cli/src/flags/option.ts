/** One option of a command, as data: the parser, the help text and the shell completions are all read from it. */
export interface Option {
  /** Long name without dashes. */
  readonly name: string;
  /** One letter. */
  readonly short?: string;
  /** Further long names for the same option. */
  readonly aliases?: readonly string[];
  readonly type: "boolean" | "string";
  /** May be given several times; its value is then a list, empty when it was not given. */
  readonly multiple?: boolean;
  readonly choices?: readonly string[];
  /** A value that starts with one of these is taken too, whatever follows. */
  readonly prefixes?: readonly string[];
  /** How the value is called in the help text. */
  readonly placeholder?: string;
  readonly description: string;
  /** Long names of options that cannot stand beside this one. */
  readonly conflicts?: readonly string[];
  /** Long name of an option without which this one means nothing. */
  readonly requires?: string;
  /** What a shell should complete the value with. */
  readonly completes?: "file" | "directory";
}

export interface Positional {
  readonly name: string;
  readonly description: string;
  readonly choices?: readonly string[];
}

export interface Command {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly summary: string;
  /** Paragraphs below the options in the help text. */
  readonly notes: readonly string[];
  /** At most one argument beside the options. */
  readonly positional?: Positional;
  readonly options: readonly Option[];
}

type ValueOf<O> = O extends { readonly type: "boolean" }
  ? boolean
  : O extends { readonly multiple: true }
    ? readonly string[]
    : string | undefined;

/** The values of a table's options by long name. */
export type Values<Options extends readonly Option[]> = { readonly [O in Options[number] as O["name"]]: ValueOf<O> };
