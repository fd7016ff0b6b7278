/** One plain value that a server asks for. */
export interface ElicitationField {
  readonly name: string;
  readonly title: string;
  /** Empty without. */
  readonly description: string;
  readonly required: boolean;
  readonly type: "text" | "number" | "integer" | "boolean" | "choice" | "choices";
  /** What may be chosen, for `boolean`, `choice` and `choices`. */
  readonly options: readonly { readonly value: string; readonly label: string }[];
  /** What stands in it at first; of `choices` the values with commas between. */
  readonly initial: string;
  /** Of the number, or of the text's length, or of the count of choices. */
  readonly least: number | undefined;
  readonly most: number | undefined;
}

export type FilledForm =
  | { readonly ok: true; readonly content: Readonly<Record<string, unknown>> }
  /** `field`: the index of the one that is wrong. */
  | { readonly ok: false; readonly field: number; readonly message: string };

/** The fields of a schema; undefined when it asks for anything but plain values. */
export function elicitationFields(schema: unknown): readonly ElicitationField[] | undefined {
  if (schema === undefined) return [];
  const { type, properties, required } = record(schema);
  if (type !== "object") return undefined;
  const names = Array.isArray(required) ? required : [];
  const fields = Object.entries(record(properties)).map(([name, value]) => fieldOf(name, record(value), names.includes(name)));
  return fields.some((field) => field === undefined) ? undefined : fields.flatMap((field) => (field === undefined ? [] : [field]));
}

/** What the form holds, as the schema wants it. Fields that are empty and not required are left out. */
export function readForm(fields: readonly ElicitationField[], texts: readonly string[]): FilledForm {
  const content: [string, unknown][] = [];
  for (const [index, field] of fields.entries()) {
    const text = field.type === "text" ? (texts[index] ?? "") : (texts[index] ?? "").trim();
    if (text === "") {
      if (field.required) return { ok: false, field: index, message: `${field.title} has to be filled in` };
      continue;
    }
    const read = readValue(field, text);
    if ("fault" in read) return { ok: false, field: index, message: `${field.title} ${read.fault}` };
    content.push([field.name, read.value]);
  }
  return { ok: true, content: Object.fromEntries(content) };
}

/** The next option of a field that has some, around the ends; empty where nothing need be chosen. */
export function nextOption({ options, required }: ElicitationField, text: string, by: 1 | -1): string {
  const values = [...(required ? [] : [""]), ...options.map(({ value }) => value)];
  const at = values.indexOf(text);
  if (at === -1) return (by === 1 ? values[0] : values.at(-1)) ?? "";
  return values[(at + by + values.length) % values.length] ?? "";
}

const BOOLEANS = [
  { value: "true", label: "yes" },
  { value: "false", label: "no" },
] as const;

function fieldOf(name: string, schema: Readonly<Record<string, unknown>>, required: boolean): ElicitationField | undefined {
  const title = typeof schema["title"] === "string" ? schema["title"] : name;
  const description = typeof schema["description"] === "string" ? schema["description"] : "";
  const { default: initial } = schema;
  const known = {
    name,
    title,
    description,
    required,
    options: [],
    initial: (Array.isArray(initial) ? initial : [initial]).filter(isPlain).join(", "),
  };
  const limits = (least: string, most: string) => ({ least: numberOf(schema[least]), most: numberOf(schema[most]) });
  switch (schema["type"]) {
    case "string": {
      const options = optionsOf(schema);
      return { ...known, type: options.length > 0 ? "choice" : "text", options, ...limits("minLength", "maxLength") };
    }
    case "number":
    case "integer":
      return { ...known, type: schema["type"], ...limits("minimum", "maximum") };
    case "boolean":
      return { ...known, type: "boolean", options: BOOLEANS, least: undefined, most: undefined };
    case "array": {
      const options = optionsOf(record(schema["items"]));
      return options.length === 0 ? undefined : { ...known, type: "choices", options, ...limits("minItems", "maxItems") };
    }
    default:
      return undefined;
  }
}

function optionsOf(schema: Readonly<Record<string, unknown>>): ElicitationField["options"] {
  const titled = [schema["oneOf"], schema["anyOf"]].find((each) => Array.isArray(each)) as readonly unknown[] | undefined;
  if (titled !== undefined)
    return titled.map(record).flatMap(({ const: value, title }) => {
      if (typeof value !== "string") return [];
      return [{ value, label: typeof title === "string" ? title : value }];
    });
  const { enum: values, enumNames: names } = schema;
  if (!Array.isArray(values)) return [];
  return values.map((value, index) => ({
    value: String(value),
    label: Array.isArray(names) ? String(names[index] ?? value) : String(value),
  }));
}

type ReadValue = { readonly value: unknown } | { readonly fault: string };

function readValue(field: ElicitationField, text: string): ReadValue {
  switch (field.type) {
    case "text": {
      const fault = limitFault(Array.from(text).length, field, "characters");
      return fault === undefined ? { value: text } : { fault };
    }
    case "number":
    case "integer": {
      const value = Number(text);
      if (!Number.isFinite(value)) return { fault: "has to be a number" };
      if (field.type === "integer" && !Number.isInteger(value)) return { fault: "has to be a whole number" };
      const fault = limitFault(value, field, "");
      return fault === undefined ? { value } : { fault };
    }
    case "boolean":
    case "choice": {
      const option = findOption(field, text);
      if (option === undefined) return { fault: `has to be one of ${optionNames(field)}` };
      return { value: field.type === "boolean" ? option === "true" : option };
    }
    case "choices": {
      const words = text.split(",").map((each) => each.trim());
      const chosen = words.filter((word) => word !== "").map((word) => findOption(field, word));
      if (chosen.includes(undefined)) return { fault: `has to be of ${optionNames(field)}, with commas between` };
      const fault = limitFault(chosen.length, field, "choices");
      return fault === undefined ? { value: chosen } : { fault };
    }
  }
}

function findOption({ options }: ElicitationField, text: string): string | undefined {
  return options.find(({ value, label }) => value === text || label === text)?.value;
}

function optionNames({ options }: ElicitationField): string {
  return options.map(({ label }) => label).join(", ");
}

function limitFault(size: number, { least, most }: ElicitationField, unit: string): string | undefined {
  const what = unit === "" ? "" : ` ${unit}`;
  if (least !== undefined && size < least) return `has to be at least ${String(least)}${what}`;
  if (most !== undefined && size > most) return `has to be at most ${String(most)}${what}`;
  return undefined;
}

function isPlain(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : {};
}
