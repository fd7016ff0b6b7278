/** How a tool is declared to the model, as the Responses API has it. */
export type ToolSpec = FunctionToolSpec | CustomToolSpec;

export interface FunctionToolSpec {
  readonly type: "function";
  readonly name: string;
  readonly description: string;
  readonly strict: boolean;
  /** JSON Schema of the arguments, an object schema. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** A tool whose input is free text under a grammar; only some models take it. */
export interface CustomToolSpec {
  readonly type: "custom";
  readonly name: string;
  readonly description: string;
  readonly format: { readonly type: "grammar"; readonly syntax: "lark"; readonly definition: string };
}
