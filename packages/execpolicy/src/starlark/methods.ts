import { bindArguments, type BoundArguments, type WantedArgument } from "./arguments.ts";
import { formatBraces } from "./format.ts";
import { nearMiss } from "./near-miss.ts";
import { checkLength, checkUnwalked, itemsOf, positionOf, requireKey, setEntry } from "./sequences.ts";
import { StarlarkFault, type Span } from "./source.ts";
import { areEqual, isObject, list, aTypeName, type DictValue, type FunctionValue, type ListValue, type Value } from "./values.ts";

type Method<Self> = (self: Self, args: BoundArguments, span: Span) => Value;

/** `object.name`, as a function that knows its object. */
export function methodOf(object: Value, name: string, span: Span): FunctionValue {
  if (typeof object === "string" && name === "format") {
    return { type: "function", name, call: (args, site) => formatBraces(object, args, site.span) };
  }
  const found = lookUp(object, name);
  if (found === undefined) {
    const near = nearMiss(name, methodNames(object));
    throw new StarlarkFault(`${aTypeName(object)} has no \`${name}\``, span, near === undefined ? undefined : `Did you mean \`${near}\`?`);
  }
  return found;
}

export function methodNames(object: Value): readonly string[] {
  if (typeof object === "string") return [...Object.keys(STRING_METHODS), "format"];
  if (!isObject(object)) return [];
  return object.type === "list" ? Object.keys(LIST_METHODS) : object.type === "dict" ? Object.keys(DICT_METHODS) : [];
}

function lookUp(object: Value, name: string): FunctionValue | undefined {
  if (typeof object === "string") return bind(object, name, STRING_METHODS);
  if (!isObject(object)) return undefined;
  if (object.type === "list") return bind(object, name, LIST_METHODS);
  return object.type === "dict" ? bind(object, name, DICT_METHODS) : undefined;
}

function bind<Self>(self: Self, name: string, methods: Methods<Self>): FunctionValue | undefined {
  if (!Object.hasOwn(methods, name)) return undefined;
  const entry = methods[name];
  if (entry === undefined) return undefined;
  const [wanted, run] = entry;
  return { type: "function", name, call: (args, site) => run(self, bindArguments(name, wanted, [args, site]), site.span) };
}

type Methods<Self> = Readonly<Record<string, readonly [readonly WantedArgument[], Method<Self>]>>;

const needed = (name: string, type: WantedArgument["type"]): WantedArgument => ({ name, type, required: true, positionalOnly: true });
const optional = (name: string, type: WantedArgument["type"]): WantedArgument => ({ name, type, positionalOnly: true });
const PART = [needed("part", "string")];
const ANY_SIDE = [needed("parts", "any")];
const CHARACTERS = [optional("characters", "string")];
const SPLIT = [optional("separator", "any"), optional("most", "int")];

function predicate(pattern: RegExp): readonly [readonly WantedArgument[], Method<string>] {
  return [[], (self) => pattern.test(self)];
}

const STRING_METHODS: Methods<string> = {
  capitalize: [[], (self) => self.slice(0, 1).toUpperCase() + self.slice(1).toLowerCase()],
  lower: [[], (self) => self.toLowerCase()],
  upper: [[], (self) => self.toUpperCase()],
  title: [[], (self) => self.toLowerCase().replace(/\p{L}+/gu, (word) => word.slice(0, 1).toUpperCase() + word.slice(1))],
  count: [PART, (self, args) => BigInt(self.split(args.text("part") ?? "").length - 1)],
  elems: [[], (self) => list(Array.from(self))],
  startswith: [ANY_SIDE, (self, args, span) => sides(args, span).some((part) => self.startsWith(part))],
  endswith: [ANY_SIDE, (self, args, span) => sides(args, span).some((part) => self.endsWith(part))],
  removeprefix: [PART, (self, args) => (self.startsWith(args.text("part") ?? "") ? self.slice((args.text("part") ?? "").length) : self)],
  removesuffix: [
    PART,
    (self, args) => (self.endsWith(args.text("part") ?? "") ? self.slice(0, self.length - (args.text("part") ?? "").length) : self),
  ],
  find: [PART, (self, args) => codePointIndex(self, self.indexOf(args.text("part") ?? ""))],
  rfind: [PART, (self, args) => codePointIndex(self, self.lastIndexOf(args.text("part") ?? ""))],
  index: [PART, (self, args, span) => found(codePointIndex(self, self.indexOf(args.text("part") ?? "")), span)],
  rindex: [PART, (self, args, span) => found(codePointIndex(self, self.lastIndexOf(args.text("part") ?? "")), span)],
  isalnum: predicate(/^[\p{L}\p{N}]+$/u),
  isalpha: predicate(/^\p{L}+$/u),
  isdigit: predicate(/^\p{N}+$/u),
  islower: predicate(/^(?=.*\p{Ll})\P{Lu}*$/su),
  isupper: predicate(/^(?=.*\p{Lu})\P{Ll}*$/su),
  isspace: predicate(/^\s+$/u),
  join: [[needed("parts", "any")], joinStrings],
  lstrip: [CHARACTERS, (self, args) => strip(self, args, [true, false])],
  rstrip: [CHARACTERS, (self, args) => strip(self, args, [false, true])],
  strip: [CHARACTERS, (self, args) => strip(self, args, [true, true])],
  partition: [PART, (self, args, span) => partition(self, args, span)],
  replace: [[needed("part", "string"), needed("by", "string"), optional("most", "int")], replaceText],
  split: [SPLIT, (self, args, span) => list(splitText(self, args, span))],
  splitlines: [[], (self) => list(self.replace(/\r?\n$/u, "").split(/\r?\n/u))],
};

function sides(args: BoundArguments, span: Span): readonly string[] {
  const parts = args.value("parts") ?? null;
  const items = typeof parts === "string" ? [parts] : isObject(parts) && parts.type === "tuple" ? parts.items : [null];
  if (items.every((item) => typeof item === "string")) return items;
  throw new StarlarkFault("a string or a tuple of strings is wanted here", span);
}

function codePointIndex(text: string, index: number): bigint {
  return index === -1 ? -1n : BigInt(Array.from(text.slice(0, index)).length);
}

function found(index: bigint, span: Span): bigint {
  if (index === -1n) throw new StarlarkFault("the string does not hold this part", span);
  return index;
}

function joinStrings(self: string, args: BoundArguments, span: Span): string {
  const parts = itemsOf(args.value("parts") ?? null, span).map((part) => {
    if (typeof part === "string") return part;
    throw new StarlarkFault(`only strings are joined, not ${aTypeName(part)}`, span);
  });
  const text = parts.join(self);
  checkLength(text.length, span);
  return text;
}

function strip(self: string, args: BoundArguments, [left, right]: readonly [boolean, boolean]): string {
  const given = args.text("characters");
  const drop = (character: string | undefined): boolean =>
    character !== undefined && (given === undefined ? /\s/u.test(character) : given.includes(character));
  const characters = Array.from(self);
  let [start, end] = [0, characters.length];
  while (left && start < end && drop(characters[start])) start += 1;
  while (right && end > start && drop(characters[end - 1])) end -= 1;
  return characters.slice(start, end).join("");
}

function partition(self: string, args: BoundArguments, span: Span): Value {
  const part = nonEmpty(args.text("part") ?? "", span);
  const at = self.indexOf(part);
  return { type: "tuple", items: at === -1 ? [self, "", ""] : [self.slice(0, at), part, self.slice(at + part.length)] };
}

function replaceText(self: string, args: BoundArguments, span: Span): string {
  const most = args.value("most");
  const pieces = self.split(args.text("part") ?? "");
  const times = typeof most === "bigint" && most >= 0n ? Number(most) : pieces.length;
  checkLength(self.length + pieces.length * (args.text("by") ?? "").length, span);
  return pieces
    .map((piece, index) => (index === 0 ? "" : index <= times ? (args.text("by") ?? "") : (args.text("part") ?? "")) + piece)
    .join("");
}

function splitText(self: string, args: BoundArguments, span: Span): string[] {
  const separator = args.value("separator") ?? null;
  const most = args.value("most");
  const limit = typeof most === "bigint" && most >= 0n ? Number(most) : Number.POSITIVE_INFINITY;
  if (separator !== null && typeof separator !== "string") throw new StarlarkFault("a string is split at a string", span);
  if (separator === null) return splitBlanks(self, limit);
  const pieces = self.split(nonEmpty(separator, span));
  return pieces.length <= limit + 1 ? pieces : [...pieces.slice(0, limit), pieces.slice(limit).join(separator)];
}

function splitBlanks(self: string, limit: number): string[] {
  const words: string[] = [];
  let rest = self.trimStart();
  while (rest !== "" && words.length < limit) {
    const word = /^\S+/u.exec(rest)?.[0] ?? "";
    words.push(word);
    rest = rest.slice(word.length).trimStart();
  }
  return rest === "" ? words : [...words, rest.trimEnd()];
}

function nonEmpty(text: string, span: Span): string {
  if (text === "") throw new StarlarkFault("an empty string does not part anything", span);
  return text;
}

const LIST_METHODS: Methods<ListValue> = {
  append: [[needed("item", "any")], (self, args, span) => change(self, span, (items) => void items.push(args.value("item") ?? null))],
  clear: [[], (self, _, span) => change(self, span, (items) => void items.splice(0))],
  extend: [
    [needed("items", "any")],
    (self, args, span) => change(self, span, (items) => void items.push(...itemsOf(args.value("items") ?? null, span))),
  ],
  index: [[needed("item", "any")], (self, args, span) => BigInt(indexIn(self, args.value("item") ?? null, span))],
  insert: [[needed("index", "int"), needed("item", "any")], insertItem],
  pop: [[optional("index", "int")], popItem],
  remove: [
    [needed("item", "any")],
    (self, args, span) => change(self, span, (items) => void items.splice(indexIn(self, args.value("item") ?? null, span), 1)),
  ],
};

function change(self: ListValue, span: Span, edit: (items: Value[]) => void): null {
  checkUnwalked(self, span);
  edit(self.items);
  checkLength(self.items.length, span);
  return null;
}

function indexIn(self: ListValue, item: Value, span: Span): number {
  const index = self.items.findIndex((one) => areEqual(one, item));
  if (index === -1) throw new StarlarkFault("the list does not hold this", span);
  return index;
}

function insertItem(self: ListValue, args: BoundArguments, span: Span): null {
  return change(self, span, (items) => void items.splice(Number(args.value("index") ?? 0n), 0, args.value("item") ?? null));
}

function popItem(self: ListValue, args: BoundArguments, span: Span): Value {
  checkUnwalked(self, span);
  const position = positionOf(args.value("index") ?? -1n, self.items.length, span);
  return self.items.splice(position, 1)[0] ?? null;
}

const KEY_AND_DEFAULT = [needed("key", "any"), optional("default", "any")];

const DICT_METHODS: Methods<DictValue> = {
  clear: [
    [],
    (self, _, span) => {
      checkUnwalked(self, span);
      self.entries.clear();
      return null;
    },
  ],
  get: [KEY_AND_DEFAULT, (self, args, span) => entryOf(self, args, span)?.[1] ?? args.value("default") ?? null],
  items: [[], (self) => list([...self.entries.values()].map((items): Value => ({ type: "tuple", items })))],
  keys: [[], (self) => list([...self.entries.values()].map(([key]) => key))],
  values: [[], (self) => list([...self.entries.values()].map(([, value]) => value))],
  pop: [KEY_AND_DEFAULT, popEntry],
  setdefault: [
    KEY_AND_DEFAULT,
    (self, args, span) => {
      const entry = entryOf(self, args, span);
      if (entry !== undefined) return entry[1];
      checkUnwalked(self, span);
      setEntry(self, [args.value("key") ?? null, args.value("default") ?? null], span);
      return args.value("default") ?? null;
    },
  ],
  update: [
    [needed("other", "any")],
    (self, args, span) => {
      const other = args.value("other") ?? null;
      if (!isObject(other) || other.type !== "dict") throw new StarlarkFault("a dict is updated from a dict", span);
      checkUnwalked(self, span);
      for (const entry of [...other.entries.values()]) setEntry(self, entry, span);
      return null;
    },
  ],
};

function entryOf(self: DictValue, args: BoundArguments, span: Span): readonly [Value, Value] | undefined {
  return self.entries.get(requireKey(args.value("key") ?? null, span));
}

function popEntry(self: DictValue, args: BoundArguments, span: Span): Value {
  const entry = entryOf(self, args, span);
  checkUnwalked(self, span);
  if (entry === undefined && args.value("default") === undefined) throw new StarlarkFault("the dict has no such key", span);
  self.entries.delete(requireKey(args.value("key") ?? null, span));
  return entry?.[1] ?? args.value("default") ?? null;
}
