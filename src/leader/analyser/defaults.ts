/**
 * Rules of INSERT's and UPDATE's targets: what a column gets where no value is given, what an identity column takes, and how
 * many values there may be.
 */
import { assert } from '../../common/assert.ts';
import { identityColumnValue, insertColumnCount } from '../../common/errors/catalogue.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import { INT4, OID } from '../../types/sql-type.ts';
import { liveColumns, type CatalogColumn, type TableObject } from '../catalog/objects.ts';
import type { Expr, ValueExpr } from '../parser/ast.ts';
import { callFunction } from './calls.ts';
import { assignTo, constant, tryCoerce } from './coerce.ts';
import { at, newEnv, type AnalyserState, type QueryEnv } from './context.ts';
import { bindExpr, type ExprContext } from './expression.ts';
import { emptyFrom, scopeOf } from './from.ts';

const emptyContext = (env: QueryEnv, clause: string): ExprContext => ({
  env,
  scope: scopeOf(emptyFrom(), env),
  clause,
});

/** Parsed defaults by catalog column, since a VALUES list may ask for one thousands of times. */
const parsedDefaults = new WeakMap<CatalogColumn, Expr>();

function defaultExpr(state: AnalyserState, column: CatalogColumn): Expr {
  let expr = parsedDefaults.get(column);
  if (expr === undefined) {
    const body = state.context.parseQuery(`select ${column.defaultText}`).body;
    assert(body.kind === 'select', 'a default is an expression');
    expr = body.items[0]!.expr;
    parsedDefaults.set(column, expr);
  }
  return expr;
}

/** What a column gets when nothing is given: next identity value, default or NULL. */
export function defaultValue(env: QueryEnv, table: TableObject, column: CatalogColumn): BoundExpr {
  const { state } = env;
  if (column.identity !== undefined) {
    const args = [constant(OID, table.oid), constant(INT4, column.attnum)];
    return tryCoerce(state, callFunction(state, 'identity_next', args, 0, 'IDENTITY'), column.type, 'assignment')!;
  }
  if (column.defaultText === undefined) return constant(column.type, null);
  const bound = bindExpr(defaultExpr(state, column), emptyContext(newEnv(state), 'DEFAULT'));
  return assignTo(state, bound, column);
}

export const refuseIdentity = (column: CatalogColumn, position: number): void => {
  if (column.identity !== undefined && !column.identity.byDefault) throw identityColumnValue(position);
};

/** As many values as target columns; fewer when no columns were listed. */
export function checkCount(
  targets: readonly CatalogColumn[],
  count: number,
  listed: boolean,
  position: number,
): void {
  if (count > targets.length) throw insertColumnCount('expressions', 'target columns', position);
  if (listed && count < targets.length) throw insertColumnCount('target columns', 'expressions', position);
}

/** One VALUES row as complete row in table order. */
export function completeRow(
  env: QueryEnv,
  table: TableObject,
  targets: readonly CatalogColumn[],
  row: readonly ValueExpr[],
  /** What the values may name. */
  context = emptyContext(env, 'VALUES'),
): readonly BoundExpr[] {
  const given = new Map<number, BoundExpr>();
  row.forEach((e, i) => {
    if (e.kind === 'default') return;
    refuseIdentity(targets[i]!, at(e));
    const bound = bindExpr(e, context);
    given.set(targets[i]!.attnum, assignTo(env.state, bound, targets[i]!, at(e)));
  });
  return liveColumns(table).map((c) => given.get(c.attnum) ?? defaultValue(env, table, c));
}
