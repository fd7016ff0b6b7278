/** Where a value departs from the schema, and how. */
export interface Fault {
  /** Keys and indexes from the outside in. */
  readonly path: readonly (string | number)[];
  readonly reason: string;
}

export type Check = (value: unknown) => Fault | undefined;

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The fault of a value, or of the value under `key`, that is not what was `expected`. */
export function wrong(expected: string, value: unknown, key?: string): Fault {
  return { path: key === undefined ? [] : [key], reason: `expected ${expected}, found ${found(value)}` };
}

/** The fault as the object or list around it sees it. */
export function under(key: string | number, fault: Fault): Fault {
  return { path: [key, ...fault.path], reason: fault.reason };
}

/** One line such as `tools[3].name: expected a string, found null`. */
export function describeFault({ path, reason }: Fault): string {
  const place = path.map((key, index) => (typeof key === "number" ? `[${String(key)}]` : index === 0 ? key : `.${key}`)).join("");
  return place === "" ? reason : `${place}: ${reason}`;
}

export function checkString(value: unknown): Fault | undefined {
  return typeof value === "string" ? undefined : wrong("a string", value);
}

export function checkObject(value: unknown): Fault | undefined {
  return isObject(value) ? undefined : wrong("an object", value);
}

export function eachItem(value: unknown, check: Check): Fault | undefined {
  if (!Array.isArray(value)) return wrong("a list", value);
  for (let index = 0; index < value.length; index += 1) {
    const fault = check(value[index]);
    if (fault !== undefined) return under(index, fault);
  }
  return undefined;
}

export function eachValue(value: unknown, check: Check): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  for (const key in value) {
    const fault = check(value[key]);
    if (fault !== undefined) return under(key, fault);
  }
  return undefined;
}

/** Passes when one check does; else the fault that lies deepest, which belongs to the alternative that fits best. */
export function anyOf(value: unknown, checks: readonly Check[]): Fault | undefined {
  let deepest: Fault | undefined;
  for (const check of checks) {
    const fault = check(value);
    if (fault === undefined) return undefined;
    if (deepest === undefined || fault.path.length > deepest.path.length) deepest = fault;
  }
  return deepest;
}

function found(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (typeof value === "string") return value.length > 40 ? "a string" : JSON.stringify(value);
  if (typeof value === "object") return Array.isArray(value) ? "a list" : "an object";
  return typeof value === "number" || typeof value === "boolean" ? String(value) : `a ${typeof value}`;
}
