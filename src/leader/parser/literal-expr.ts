/**
 * Literals of a list as the AST has them, one at a time or all: for printing, for stored queries, and wherever a list is
 * not kept as data.
 */
import type { Expr, ValueExpr } from './ast.ts';
import {
  LITERAL_DEFAULT,
  LITERAL_FALSE,
  LITERAL_INTEGER,
  LITERAL_NULL,
  LITERAL_NUMBER,
  LITERAL_TRUE,
  type LiteralList,
} from './literal-list.ts';

/** Literal `i`, which is not DEFAULT. */
export function literalExpr(list: LiteralList, i: number): Expr {
  const pos = list.pos(i);
  switch (list.kind(i)) {
    case LITERAL_NULL:
      return { kind: 'literal', form: 'null', value: null, pos };
    case LITERAL_TRUE:
    case LITERAL_FALSE:
      return { kind: 'literal', form: 'bool', value: list.kind(i) === LITERAL_TRUE, pos };
    case LITERAL_INTEGER:
    case LITERAL_NUMBER: {
      const negative = list.isNegative(i);
      const number: Expr = { kind: 'number', text: list.digits(i), pos: negative ? pos + 1 : pos };
      return negative ? { kind: 'unary', op: '-', arg: number, pos } : number;
    }
    default:
      return { kind: 'literal', form: 'string', value: list.string(i), pos };
  }
}

export const literalExprs = (list: LiteralList): Expr[] =>
  Array.from({ length: list.length }, (_, i) => literalExpr(list, i));

/** Row `r` of VALUES. */
export const literalRow = (list: LiteralList, r: number): ValueExpr[] =>
  Array.from({ length: list.width }, (_, c): ValueExpr => {
    const i = r * list.width + c;
    return list.kind(i) === LITERAL_DEFAULT ? { kind: 'default', pos: list.pos(i) } : literalExpr(list, i);
  });
