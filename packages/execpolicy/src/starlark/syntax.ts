import type { Span } from "./source.ts";

export type Expression = Span &
  (
    | { readonly type: "literal"; readonly value: null | boolean | bigint | string }
    | { readonly type: "name"; readonly name: string }
    | { readonly type: "format_string"; readonly parts: readonly (string | { readonly value: Expression; readonly repr: boolean })[] }
    | { readonly type: "list" | "tuple"; readonly items: readonly Expression[] }
    | { readonly type: "dict"; readonly entries: readonly (readonly [Expression, Expression])[] }
    | {
        readonly type: "comprehension";
        readonly result: Expression | readonly [Expression, Expression];
        readonly clauses: readonly Clause[];
      }
    | { readonly type: "unary"; readonly operator: string; readonly operand: Expression }
    | { readonly type: "binary"; readonly operator: string; readonly left: Expression; readonly right: Expression }
    | { readonly type: "conditional"; readonly test: Expression; readonly value: Expression; readonly otherwise: Expression }
    | { readonly type: "lambda"; readonly parameters: readonly Parameter[]; readonly body: Expression }
    | { readonly type: "call"; readonly callee: Expression; readonly args: readonly Argument[] }
    | { readonly type: "attribute"; readonly object: Expression; readonly name: string; readonly nameSpan: Span }
    | { readonly type: "index"; readonly object: Expression; readonly index: Expression }
    | {
        readonly type: "slice";
        readonly object: Expression;
        readonly from: Expression | undefined;
        readonly to: Expression | undefined;
        readonly step: Expression | undefined;
      }
  );

export type ExpressionOf<Type extends Expression["type"]> = Extract<Expression, { readonly type: Type }>;

export type Clause =
  | { readonly type: "for"; readonly target: Expression; readonly source: Expression }
  | { readonly type: "if"; readonly test: Expression };

export interface Argument extends Span {
  readonly kind: "positional" | "named" | "list" | "dict";
  readonly name: string | undefined;
  readonly value: Expression;
}

export interface Parameter extends Span {
  readonly kind: "plain" | "rest" | "keywords" | "only_named";
  readonly name: string;
  readonly default: Expression | undefined;
  readonly annotation: Expression | undefined;
}

export type Statement = Span &
  (
    | { readonly type: "expression"; readonly value: Expression }
    | { readonly type: "assign"; readonly target: Expression; readonly annotation: Expression | undefined; readonly value: Expression }
    | { readonly type: "augmented"; readonly target: Expression; readonly operator: string; readonly value: Expression }
    | { readonly type: "if"; readonly test: Expression; readonly body: readonly Statement[]; readonly otherwise: readonly Statement[] }
    | { readonly type: "for"; readonly target: Expression; readonly source: Expression; readonly body: readonly Statement[] }
    | {
        readonly type: "def";
        readonly name: string;
        readonly parameters: readonly Parameter[];
        readonly returns: Expression | undefined;
        readonly body: readonly Statement[];
      }
    | { readonly type: "return"; readonly value: Expression | undefined }
    | { readonly type: "pass" | "break" | "continue" }
  );

export type StatementOf<Type extends Statement["type"]> = Extract<Statement, { readonly type: Type }>;
