import { StarlarkFault } from "./source.ts";
import type { Token } from "./tokens.ts";

/** Walks over tokens; every mismatch is a StarlarkFault at the token that stands there. */
export class TokenReader {
  readonly text: string;
  private readonly tokens: readonly Token[];
  private position = 0;
  private depth = 0;

  constructor(text: string, tokens: readonly Token[]) {
    this.text = text;
    this.tokens = tokens;
  }

  peek(ahead = 0): Token {
    return this.tokens[this.position + ahead] ?? this.last();
  }

  next(): Token {
    const token = this.peek();
    this.position += 1;
    return token;
  }

  /** Where the token before this one ended. */
  get previousEnd(): number {
    return this.tokens[this.position - 1]?.end ?? 0;
  }

  at(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return (token.kind === "operator" || token.kind === "keyword") && token.text === text;
  }

  atKind(kind: Token["kind"]): boolean {
    return this.peek().kind === kind;
  }

  take(text: string): boolean {
    if (!this.at(text)) return false;
    this.position += 1;
    return true;
  }

  expect(text: string): Token {
    if (!this.at(text)) throw this.unexpected(`\`${text}\``);
    return this.next();
  }

  expectName(): Token & { readonly kind: "name"; readonly text: string } {
    const token = this.next();
    if (token.kind === "name") return { ...token, kind: "name" };
    this.position -= 1;
    throw this.unexpected("a name");
  }

  unexpected(wanted: string): StarlarkFault {
    const token = this.peek();
    const hint =
      token.kind === "string" && this.peek(-1).kind === "string"
        ? "Strings are not joined by standing side by side: write + between them."
        : undefined;
    return new StarlarkFault(`${this.describe(token)} stands where ${wanted} should`, token, hint);
  }

  /** Bounds how deep the reader recurses. */
  nested<Result>(read: () => Result): Result {
    this.depth += 1;
    if (this.depth > 100) throw new StarlarkFault("this is nested too deeply", this.peek());
    const result = read();
    this.depth -= 1;
    return result;
  }

  private describe(token: Token): string {
    switch (token.kind) {
      case "newline":
        return "the end of the line";
      case "end":
        return "the end of the file";
      case "indent":
        return "a deeper indentation";
      case "dedent":
        return "the end of the block";
      case "name":
      case "keyword":
      case "operator":
      case "integer":
      case "string":
      case "format_string":
        return `\`${this.text.slice(token.start, token.end)}\``;
    }
  }

  private last(): Token {
    return this.tokens.at(-1) ?? { kind: "end", start: 0, end: 0 };
  }
}
