/**
 * The expression of a function that is written in SQL: one expression over its arguments and nothing else, bound once to see
 * that it is right and kept with the functions of users it calls by number. Called by the services behind CREATE FUNCTION.
 */
import { assert } from '../../common/assert.ts';
import { functionExpression } from '../../common/errors/routine-errors.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import { analyseBody, type AnalyserContext } from '../analyser/index.ts';
import { freezeQuery } from '../analyser/freeze.ts';
import { NameRecorder } from '../analyser/name-recorder.ts';
import type { Expr, Query } from '../parser/ast.ts';
import { VARCHAR_BYTES_MAX } from '../../common/limits.ts';
import { numeric, varchar, type SqlType } from '../../types/sql-type.ts';

/** The one expression; what else the query has is refused. */
function expressionOf(query: Query): Expr {
  const refuse = (found: boolean, what: string): void => {
    if (found) throw functionExpression(what, query.pos + 1);
  };
  const { body } = query;
  refuse(query.ctes.length > 0, 'a WITH clause');
  if (body.kind !== 'select') throw functionExpression('set operations or VALUES', query.pos + 1);
  refuse(body.from.length > 0, 'a FROM clause');
  refuse(body.where !== undefined, 'a WHERE clause');
  refuse(body.groupBy === 'all' || body.groupBy.length > 0, 'a GROUP BY clause');
  refuse(body.having !== undefined, 'a HAVING clause');
  refuse(body.qualify !== undefined, 'a QUALIFY clause');
  refuse(body.connectBy !== undefined, 'a CONNECT BY clause');
  refuse(query.orderBy.length > 0, 'an ORDER BY clause');
  refuse(query.limit !== undefined || query.offset !== undefined, 'a LIMIT clause');
  refuse(body.distinct !== false, 'DISTINCT');
  refuse(body.items.length !== 1, 'more than one column');
  refuse(body.items[0]!.expr.kind === 'star', 'a star');
  refuse(hasNode(body.items[0]!.expr, 'subquery'), 'subqueries');
  return body.items[0]!.expr;
}
function hasNode(value: unknown, kind: string): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some((v) => hasNode(v, kind));
  return (value as { kind?: unknown }).kind === kind || Object.values(value).some((v) => hasNode(v, kind));
}

/** The widest that an argument of the type may be. */
const widest = (type: SqlType): SqlType => {
  if (type.name === 'varchar' && type.length === undefined) return varchar(VARCHAR_BYTES_MAX);
  return type.name === 'numeric' && type.precision === undefined ? numeric(38, 8) : type;
};

export function bindFunction(
  query: Query,
  context: AnalyserContext,
  types: readonly SqlType[],
  returns: SqlType,
  replaces?: number,
): Expr {
  const expr = expressionOf(query);
  const names = new NameRecorder();
  const args = types.map((type): BoundExpr => ({ kind: 'column', type: widest(type), id: context.nextColId() }));
  analyseBody(expr, { ...context, names }, args, returns, replaces);
  const { body } = freezeQuery(query, names, context);
  assert(body.kind === 'select', 'the body of a function is a SELECT');
  return body.items[0]!.expr;
}
