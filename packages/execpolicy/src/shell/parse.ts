import { forEachChild, parse, type Statement, type SyntaxNode } from "unbash";

/**
 * The one door to the shell grammar: no file outside this folder knows which parser is used. A tree is given only for a script
 * that the grammar reads without any error, here documents finished included.
 */
export type ReadScript =
  | { readonly ok: true; readonly statements: readonly Statement[] }
  /** The first thing wrong; line and column count from 1. */
  | { readonly ok: false; readonly message: string; readonly line: number; readonly column: number };

export type ShellName = "bash" | "zsh" | "sh";

/** Reads a script by bash's grammar. Never throws: what is nested too deeply to be read is an error of the script. */
export function readScript(script: string): ReadScript {
  try {
    const tree = parse(script);
    const error = tree.errors?.[0];
    if (error !== undefined) return failure(script, error.message, error.pos);
    const inner = findInnerError(tree);
    if (inner !== undefined) return failure(script, inner.message, inner.pos);
    return { ok: true, statements: tree.commands };
  } catch (error) {
    if (error instanceof RangeError) return failure(script, "nested too deeply", 0);
    throw error;
  }
}

/** What is wrong inside of words and here documents. */
function findInnerError(tree: SyntaxNode): { readonly message: string; readonly pos: number } | undefined {
  const open: SyntaxNode[] = [tree];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.type === "HereDoc" && next.closing === undefined) return { message: "a here document without its end", pos: next.pos };
    if (next.type === "Script" && "errors" in next) {
      const error = next.errors?.[0];
      if (error !== undefined) return next.source === undefined ? error : { message: error.message, pos: 0 };
    }
    forEachChild(next, (child) => void open.push(child));
  }
  return undefined;
}

function failure(script: string, message: string, offset: number): ReadScript {
  const before = script.slice(0, offset).split("\n");
  return { ok: false, message, line: before.length, column: (before.at(-1) ?? "").length + 1 };
}
