/**
 * The analyser: AST and catalog to bound statements. Names, types, casts and privileges are settled here once; behind it
 * no name is looked up again. The session calls `analyse` for queries and DML, commands call `analyseQuery` (CTAS, views)
 * and `analyseScalar` (defaults, EXECUTE arguments).
 */
import { assert } from '../../common/assert.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import type { BoundStatement, Rel } from '../../expressions/relation.ts';
import type { CatalogColumn, TableObject } from '../catalog/objects.ts';
import type { Expr, Query, Statement } from '../parser/ast.ts';
import { bindCatalogCast } from './catalog-casts.ts';
import { assignTo, castTo, settle } from './coerce.ts';
import { newColumn, newEnv, newState, type AnalyserContext, type AnalyserState } from './context.ts';
import { defaultValue } from './defaults.ts';
import { bindExpr } from './expression.ts';
import { emptyFrom, scopeOf } from './from.ts';
import { refuseLeaderOnly } from './leader-only.ts';
import { analyseMerge, type BoundMerge } from './merge.ts';
import { analyseDelete, analyseInsert, analyseUpdate } from './modify.ts';
import { analyseQueryIn, type BoundQuery } from './query.ts';
import { bindBody } from './user-functions.ts';
import { TEXT, type SqlType } from '../../types/sql-type.ts';

export type { AnalyserContext, SystemViewInfo } from './context.ts';
export { KEPT_SOURCE, withKept, type BoundMerge } from './merge.ts';

/** What only the leader node can do is refused where compute nodes work; parameters nobody typed are strings. */
function finish<T>(state: AnalyserState, result: T): T {
  const { context } = state;
  refuseLeaderOnly(state, ...relationsOf(result));
  for (let i = 0; i < context.parameterTypes.length; i++) context.parameterTypes[i] ??= { name: 'varchar' };
  return result;
}

/** The relations of what was bound. */
function relationsOf(bound: unknown): readonly Rel[] {
  const { rel, keep, change, insert } = bound as Partial<Record<'rel', Rel> & BoundMerge>;
  const inner = [keep, change, insert].flatMap((s) => (s === undefined ? [] : [s.rel]));
  return rel === undefined ? inner : [rel];
}

const NAMED_TYPES = ['regclass', 'regproc', 'regprocedure', 'regtype'];

/** Clients read regclass and its like as names: such output columns become text. */
function withNames(state: AnalyserState, q: BoundQuery): BoundQuery {
  if (!q.columns.some((c) => NAMED_TYPES.includes(c.type.name))) return q;
  const columns = q.columns.map((c) => (NAMED_TYPES.includes(c.type.name) ? newColumn(state, c.name, TEXT) : c));
  const exprs = q.columns.map((c, i): BoundExpr => {
    const value: BoundExpr = { kind: 'column', type: c.type, id: c.id };
    return columns[i] === c ? value : (bindCatalogCast(state, value, TEXT, 0) ?? castTo(state, value, TEXT, 0));
  });
  return { columns, rel: { kind: 'project', input: q.rel, columns, exprs } };
}

/** A statement with a parameter that was left open is bound again once the rest of it has told the parameter's type. */
function bindWhole<T>(context: AnalyserContext, bind: (state: AnalyserState) => T): T {
  const state = newState(context);
  const bound = finish(state, bind(state));
  if (!state.usage.hasOpenParameter) return bound;
  const again = newState(context);
  return finish(again, bind(again));
}

export function analyseQuery(query: Query, context: AnalyserContext): Extract<BoundStatement, { kind: 'select' }> {
  return bindWhole(context, (state) => {
    const { rel, columns } = withNames(state, analyseQueryIn(query, newEnv(state)));
    return { kind: 'select', rel, columns };
  });
}

/** Queries, INSERT, UPDATE and DELETE; other statements run from their AST. */
export function analyse(statement: Statement, context: AnalyserContext): BoundStatement {
  switch (statement.kind) {
    case 'query':
      return analyseQuery(statement.query, context);
    case 'insert':
      return bindWhole(context, (state): BoundStatement => analyseInsert(statement, state));
    case 'update':
      return bindWhole(context, (state): BoundStatement => analyseUpdate(statement, state));
    case 'delete':
      return bindWhole(context, (state): BoundStatement => analyseDelete(statement, state));
    default:
      assert(false, `${statement.kind} has no bound form`);
  }
}

export const analyseMergeStatement = (
  statement: Extract<Statement, { kind: 'merge' }>,
  context: AnalyserContext,
): BoundMerge => bindWhole(context, (state) => analyseMerge(statement, state));

/** What columns get where nothing is given: defaults, next identity values, NULLs. */
export function analyseDefaults(
  table: TableObject,
  columns: readonly CatalogColumn[],
  context: AnalyserContext,
): readonly BoundExpr[] {
  const state = newState(context);
  const env = newEnv(state);
  return finish(
    state,
    columns.map((c) => defaultValue(env, table, c)),
  );
}

/** The body of a function of users over its arguments. */
export function analyseBody(
  body: Expr,
  context: AnalyserContext,
  args: readonly BoundExpr[],
  returns: SqlType,
  replaces: number | undefined,
): BoundExpr {
  return bindBody(newState(context), body, args, returns, replaces, bindExpr);
}

/** An expression without columns, as `target` when given (assignment rules). */
export function analyseScalar(
  expr: Expr,
  context: AnalyserContext,
  target?: { readonly name: string; readonly type: SqlType },
): BoundExpr {
  const state = newState(context);
  const env = newEnv(state);
  const bound = bindExpr(expr, { env, scope: scopeOf(emptyFrom(), env), clause: 'DEFAULT' });
  const typed = target === undefined ? settle(state, bound) : assignTo(state, bound, target);
  return finish(state, typed);
}
