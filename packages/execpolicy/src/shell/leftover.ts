import { forEachChild, type Statement, type SyntaxNode } from "unbash";

/**
 * Holds the tree of a script against its text: between the words there may stand only what joins commands, and brackets as many as
 * the tree has groups. True when the grammar has passed something over.
 */
export function hasLeftover(script: string, statements: readonly Statement[]): boolean {
  const seen: Seen = { spans: [], parentheses: { opened: 0, closed: 0 }, braces: 0, script };
  statements.forEach((statement) => visit(statement, seen));
  const spans = seen.spans.toSorted((left, right) => left[0] - right[0]);
  let end = 0;
  const gaps = spans.map(([start, stop]) => {
    const gap = script.slice(end, Math.max(start, end));
    end = Math.max(end, stop);
    return gap;
  });
  const between = [...gaps, script.slice(end)].map(withoutComments);
  if (!between.every((gap, index) => JOINTS.test(gap) && !joinsNothing(gap, index))) return true;
  const all = between.join(" ");
  const { opened, closed } = seen.parentheses;
  if (count(all, /\(/gu) !== opened || count(all, /\)/gu) !== closed) return true;
  return count(all, /(?<![^\s;&|(){}])\{(?!\S)/gu) !== seen.braces || count(all, /\}/gu) !== seen.braces;
}

interface Seen {
  readonly spans: (readonly [number, number])[];
  readonly parentheses: { opened: number; closed: number };
  braces: number;
  readonly script: string;
}

/** A line may be continued after a joint only: right after a word it could go on. */
const JOINTS =
  /^(?!\\)(?:[ \t\n;|&(){}!]|\\\n|(?<![A-Za-z_])(?:if|then|elif|else|fi|for|in|do|done|while|until|case|esac|select|time|function|coproc|-p)(?![A-Za-z_]))*$/u;

/** An operator stands where a command should: at the start of the script or a line, or behind another joint. */
function joinsNothing(gap: string, index: number): boolean {
  const plain = gap.replace(/;;&?|;&|\\\n/gu, " ").replace(/&&|\|\||\|&/gu, "|");
  return NOTHING_BEFORE.test(plain) || (index === 0 && /^\s*[;&|]/u.test(plain));
}

const NOTHING_BEFORE = /(?:[;&|\n{(]|(?<!\w)(?:if|then|elif|else|do|while|until)(?!\w))\s*[;&|]/u;

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

/** Right after a word `#` begins no comment. */
function withoutComments(gap: string, index: number): string {
  return gap.replace(index === 0 ? /(?<=^|[ \t\n;|&()])#[^\n]*/gu : /(?<=[ \t\n;|&()])#[^\n]*/gu, "");
}

function visit(node: SyntaxNode, seen: Seen): void {
  switch (node.type) {
    case "Word":
    case "Assignment":
    case "Redirect":
    case "HereString":
    case "TestCommand":
    case "ArithmeticCommand":
      seen.spans.push([node.pos, node.end]);
      return;
    case "HereDoc":
      seen.spans.push([node.pos, node.end], [node.body.pos, node.closing?.end ?? node.body.end]);
      return;
    case "Subshell":
      addParentheses(seen, 1);
      break;
    case "BraceGroup":
      seen.braces += 1;
      break;
    case "CaseItem":
      // A pattern may go without its opening one.
      addParentheses(seen, /\([ \t]*$/u.test(seen.script.slice(0, node.pattern[0]?.pos ?? 0)) ? 1 : 0);
      break;
    case "Function":
      if (/^\s*\(/u.test(seen.script.slice(node.name.end))) addParentheses(seen, 1);
      break;
    default:
      break;
  }
  forEachChild(node, (child) => visit(child, seen));
}

function addParentheses({ parentheses }: Seen, opened: number): void {
  parentheses.opened += opened;
  parentheses.closed += 1;
}
