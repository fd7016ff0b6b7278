/** What one positional argument, or a run of them, has to look like. */
export type ArgMatcher =
  | { readonly kind: "Literal"; readonly value: string }
  | {
      readonly kind:
        | "OpaqueNonFile"
        | "ReadableFile"
        | "WriteableFile"
        | "ReadableFiles"
        | "ReadableFilesOrCwd"
        | "PositiveInteger"
        | "SedCommand"
        | "UnverifiedVarargs";
    };

/** What an argument turned out to be, as results name it. */
export type ArgType =
  | { readonly Literal: string }
  | "OpaqueNonFile"
  | "ReadableFile"
  | "WriteableFile"
  | "PositiveInteger"
  | "SedCommand"
  | "Unknown";

export type Cardinality = "one" | "at_least_one" | "any";

/** The names that policy files use for matchers. */
export const MATCHER_NAMES: Readonly<Record<string, ArgMatcher>> = {
  ARG_OPAQUE_VALUE: { kind: "OpaqueNonFile" },
  ARG_RFILE: { kind: "ReadableFile" },
  ARG_WFILE: { kind: "WriteableFile" },
  ARG_RFILES: { kind: "ReadableFiles" },
  ARG_RFILES_OR_CWD: { kind: "ReadableFilesOrCwd" },
  ARG_POS_INT: { kind: "PositiveInteger" },
  ARG_SED_COMMAND: { kind: "SedCommand" },
  ARG_UNVERIFIED_VARARGS: { kind: "UnverifiedVarargs" },
};

export function cardinalityOf(matcher: ArgMatcher): Cardinality {
  switch (matcher.kind) {
    case "ReadableFiles":
      return "at_least_one";
    case "ReadableFilesOrCwd":
    case "UnverifiedVarargs":
      return "any";
    case "Literal":
    case "OpaqueNonFile":
    case "ReadableFile":
    case "WriteableFile":
    case "PositiveInteger":
    case "SedCommand":
      return "one";
  }
}

export function argTypeOf(matcher: ArgMatcher): ArgType {
  switch (matcher.kind) {
    case "Literal":
      return { Literal: matcher.value };
    case "ReadableFiles":
    case "ReadableFilesOrCwd":
      return "ReadableFile";
    case "UnverifiedVarargs":
      return "Unknown";
    case "OpaqueNonFile":
    case "ReadableFile":
    case "WriteableFile":
    case "PositiveInteger":
    case "SedCommand":
      return matcher.kind;
  }
}

/** How a matcher is written in an error. */
export function matcherLabel(matcher: ArgMatcher): string | { readonly Literal: string } {
  return matcher.kind === "Literal" ? { Literal: matcher.value } : matcher.kind;
}

/** An argument of this type may be written to by the program. */
export function mayWrite(type: ArgType): boolean {
  return type === "WriteableFile" || type === "Unknown";
}

export type ArgFault =
  | { readonly type: "LiteralValueDidNotMatch"; readonly expected: string; readonly actual: string }
  | { readonly type: "EmptyFileName" }
  | { readonly type: "InvalidPositiveInteger"; readonly value: string }
  | { readonly type: "SedCommandNotProvablySafe"; readonly command: string };

/** Why a value cannot be of this type; undefined when it can. */
export function argFault(type: ArgType, value: string): ArgFault | undefined {
  if (typeof type === "object") {
    return type.Literal === value ? undefined : { type: "LiteralValueDidNotMatch", expected: type.Literal, actual: value };
  }
  switch (type) {
    case "ReadableFile":
    case "WriteableFile":
      return value === "" ? { type: "EmptyFileName" } : undefined;
    case "PositiveInteger":
      return isUnsigned(value) && BigInt(value.replace(/^\+/u, "")) > 0n ? undefined : { type: "InvalidPositiveInteger", value };
    case "SedCommand":
      return printsLines(value) ? undefined : { type: "SedCommandNotProvablySafe", command: value };
    case "OpaqueNonFile":
    case "Unknown":
      return undefined;
  }
}

/** `N,Mp`: prints lines and does nothing else. */
function printsLines(command: string): boolean {
  const range = /^([^,]*),([^,]*)p$/su.exec(command);
  return range !== null && isUnsigned(range[1] ?? "") && isUnsigned(range[2] ?? "");
}

const LARGEST = 18_446_744_073_709_551_615n;

/** A number of 64 bits without sign; a leading `+` and zeros are fine. */
function isUnsigned(text: string): boolean {
  const digits = /^\+?0*([0-9]{1,20})$/u.exec(text)?.[1];
  return digits !== undefined && BigInt(digits) <= LARGEST;
}
