/** A tool that the embedding program brings. */
export interface CustomTool {
  /** Letters, digits, `_` and `-`, at most 64; must not be the name of a built-in tool. */
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments, an object schema. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** May run beside other calls of the same answer. Default false. */
  readonly parallel?: boolean;
  /**
   * Runs the call. A returned string goes to the model; a rejection becomes an error text for the model, with `message` only.
   * `args` is the parsed JSON, an object; check what you rely on.
   */
  run(
    args: Readonly<Record<string, unknown>>,
    context: { readonly callId: string; readonly cwd: string; readonly signal: AbortSignal },
  ): Promise<string> | string;
}
