import type { ParameterExpansionPart, Redirect, SyntaxNode, Word } from "unbash";
import type { ShellName } from "./parse.ts";

/**
 * Why a piece of syntax may run something that stands nowhere as a command, or means something else to the shell that will run it.
 * Undefined when its children say all there is to say.
 */
export function opaqueConstruct(node: SyntaxNode, shell: ShellName): string | undefined {
  return (shell === "bash" ? undefined : foreignConstruct(node, shell)) ?? bashReason(node);
}

function bashReason(node: SyntaxNode): string | undefined {
  switch (node.type) {
    case "ParameterExpansion":
      return parameterReason(node);
    case "ArithmeticWord":
      return isNumber(node.value) ? undefined : "it computes with a variable";
    case "ArithmeticExpansion":
    case "ArithmeticCommand":
      return node.expression === undefined ? "it computes something that cannot be read" : undefined;
    case "CommandExpansion":
    case "ProcessSubstitution":
    case "ArithmeticCommandExpansion":
      return substitutionReason(node);
    case "Assignment":
      return node.index === undefined || isIndex(node.index) ? undefined : "it computes an index";
    case "TestUnary":
    case "TestBinary":
      return testReason(node);
    case "Redirect":
      return redirectReason(node);
    case "LocaleString":
      return "it uses a translated string";
    case "HereDocBody":
      return node.parts !== undefined && /\\\n|\$\[/u.test(node.text) ? "its here document is not read alike by all shells" : undefined;
    case "ExtendedGlob":
      return "it uses an extended glob";
    default:
      return undefined;
  }
}

function substitutionReason(
  node: SyntaxNode & { readonly type: "CommandExpansion" | "ProcessSubstitution" | "ArithmeticCommandExpansion" },
): string | undefined {
  if (node.type === "CommandExpansion" && node.text.startsWith("${")) return "not every bash reads ${ …; } alike";
  // A process substitution of nothing is no word at all.
  const isNothing = node.type === "ProcessSubstitution" && node.script?.commands.length === 0;
  return node.script === undefined || isNothing ? "it runs a command that cannot be read" : undefined;
}

/** `>&-` is a token of its own: what follows is the next word, a program perhaps. */
function redirectReason({ operator, target }: Redirect): string | undefined {
  return /^[<>]&$/u.test(operator) && /^-./su.test(target?.text ?? "") ? "two of its words touch" : undefined;
}

function testReason(node: SyntaxNode & { readonly type: "TestUnary" | "TestBinary" }): string | undefined {
  if (node.type === "TestUnary") return /^-[vR]$/u.test(node.operator) && !isName(node.operand) ? "it computes an index" : undefined;
  const computes = /^-(?:eq|ne|lt|le|gt|ge)$/u.test(node.operator);
  return computes && !(isIndex(node.left) && isIndex(node.right)) ? "it computes with a variable" : undefined;
}

/** A variable in arithmetic may hold an index with a command in it, so only numbers are read. */
function isNumber(text: string): boolean {
  return /^\s*(?:[0-9]+|0[xX][0-9a-fA-F]+)\s*$/u.test(text);
}

function isIndex(word: Word): boolean {
  return /^\s*-?(?:[0-9]+|[@*])\s*$/u.test(word.text);
}

function isName(word: Word): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/u.test(word.text);
}

function parameterReason({ prefix, index, operation, text }: ParameterExpansionPart): string | undefined {
  if (prefix === "!" && operation?.type !== "Names" && !/\[[@*]\]\}$/u.test(text))
    return "it expands a variable by the name that another holds";
  if (index !== undefined && !isIndex(index)) return "it computes an index";
  switch (operation?.type) {
    case "Slice":
      return isIndex(operation.offset) && (operation.length === undefined || isIndex(operation.length))
        ? undefined
        : "it computes an index";
    case "Transform":
      return /^[QULuaAKkE]$/u.test(operation.operand.text) ? undefined : "it expands a variable as a prompt";
    case "Unknown":
      return "it expands a variable in an unknown way";
    case "Default":
    case "Remove":
    case "Replace":
    case "CaseModification":
    case "Names":
    case undefined:
      return undefined;
  }
}

const NOT_POSIX: ReadonlySet<SyntaxNode["type"]> = new Set([
  "TestCommand",
  "ArithmeticCommand",
  "ArithmeticFor",
  "Coproc",
  "Select",
  "ProcessSubstitution",
  "ArrayValue",
  "BraceExpansion",
  "AnsiCQuoted",
  "HereString",
]);

function foreignConstruct(node: SyntaxNode, shell: "sh" | "zsh"): string | undefined {
  if (shell === "zsh") {
    const plain = ["Script", "Statement", "AndOr", "Pipeline", "Command", "Word", "Literal", "SingleQuoted", "DoubleQuoted"];
    return plain.includes(node.type) ? undefined : "zsh may read it in another way";
  }
  if (NOT_POSIX.has(node.type)) return "not every sh reads it alike";
  if (node.type === "Redirect" && node.operator.startsWith("&")) return "not every sh reads it alike";
  if (node.type === "Pipeline" && node.operators.includes("|&")) return "not every sh reads it alike";
  return undefined;
}
