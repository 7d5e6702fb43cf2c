/**
 * Items of FROM that unnest a SUPER value of an item before them: `t.arr AS x [AT i]`, `UNPIVOT t.obj AS v AT name`,
 * `UNNEST(t.arr) [WITH OFFSET]`. Each row of what stands before comes as often as the value has items; item, number and name
 * are calls over the row. Without anything before it the value is an expression, or an outer query's. Called by from.ts.
 */
import { featureNotSupported } from '../../common/errors/catalogue.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import { columnsOf, type ColumnRef, type Rel } from '../../expressions/relation.ts';
import { someExpr, substitute } from '../../expressions/walk.ts';
import { superRow, superRowName, superRows } from '../../functions/super-calls.ts';
import { INT8, SUPER, varchar } from '../../types/sql-type.ts';
import { UNNEST_OFFSET_CALL, UNPIVOT_CALL, UNNEST_CALL } from '../parser/ast.ts';
import type { Expr, FromItem } from '../parser/ast.ts';
import { at, newColumn, type QueryEnv } from './context.ts';
import { bindExpr } from './expression.ts';
import type { Scope, ScopeColumn, ScopeTable } from './scope.ts';
import { isSuper } from './super.ts';

interface Left {
  readonly rel: Rel;
  readonly tables: readonly ScopeTable[];
  readonly columns: readonly ScopeColumn[];
}
export interface Unnested {
  readonly value: Expr;
  readonly over: 'array' | 'object';
  /** WITH OFFSET: the number has a name of its own. */
  readonly offset: boolean;
  readonly alias: string | undefined;
  readonly aliases: readonly string[];
  readonly pos: number;
}

/** What an item unnests of `scope`, if it does. */
export function unnested(item: FromItem, scope: Scope, env: QueryEnv): Unnested | undefined {
  if (item.kind === 'table') {
    const { database, schema, name } = item.name;
    const parts = [database, schema, name].filter((p): p is string => p !== undefined);
    if (item.relation !== undefined) return undefined;
    const value: Expr = { kind: 'name', parts, pos: item.name.pos };
    if (!mayName(scope, parts) && !(mayName(scope.parent, parts) && ofSuper(value, scope, env))) return undefined;
    return { ...named(item), value, over: 'array', offset: false };
  }
  if (item.kind !== 'function' || item.ordinality) return undefined;
  const { name, schema } = item.call.name;
  const value = item.call.args[0];
  if (value === undefined || schema !== undefined || item.call.args.length !== 1) return undefined;
  const marked = name === UNNEST_CALL || name === UNPIVOT_CALL || name === UNNEST_OFFSET_CALL;
  if (!marked && (name !== 'unnest' || !ofSuper(value, scope, env))) return undefined;
  return {
    ...named(item),
    value,
    over: name === UNPIVOT_CALL ? 'object' : 'array',
    offset: name === UNNEST_OFFSET_CALL,
  };
}
const named = (item: Extract<FromItem, { kind: 'table' | 'function' }>) => ({
  alias: item.alias,
  aliases: item.columnAliases,
  pos: item.pos,
});
/** Whether a name in FROM begins with a table's alias, or is itself what FROM unnests under an alias: arrays in arrays. */
export const mayName = (scope: Pick<Scope, 'tables'> | undefined, parts: readonly string[]): boolean =>
  scope?.tables.some(
    (t) =>
      t.alias === parts[0] &&
      (parts.length > 1 || t.columns.some((c) => c.name === t.alias && c.column.type.name === 'super')),
  ) === true;
/** The arrays of catalog queries are unnested elsewhere. */
function ofSuper(value: Expr, scope: Scope, env: QueryEnv): boolean {
  try {
    return isSuper(bindExpr(value, { env, scope, clause: 'FROM' }));
  } catch {
    return false;
  }
}

/** The condition of a left join with what it unnests, bound over both; undefined where all items come. */
export type BindOn = (both: Left) => BoundExpr | undefined;

/**
 * `left` with the item's columns behind it; `outer`: a row that has nothing stays, and so does one for none of whose items `on`
 * holds.
 */
export function unnestOver(left: Left, scope: Scope, u: Unnested, env: QueryEnv, outer: boolean, on?: BindOn): Left {
  const { state } = env;
  const value = bindExpr(u.value, { env, scope, clause: 'FROM' });
  if (!isSuper(value)) throw featureNotSupported('only values of type SUPER can be unnested in FROM', at(u));
  if (u.over === 'object' && holdsOuter(value))
    throw featureNotSupported('UNPIVOT of a SUPER value of an outer query is not supported', at(u));
  const ordinal = newColumn(state, 'ordinal', INT8);
  const number: BoundExpr = { kind: 'column', type: INT8, id: ordinal.id };
  const alias = u.alias ?? labelOf(u.value);
  const [first, second] = u.aliases;
  const item = newColumn(state, first ?? alias, SUPER);
  const added: { readonly column: ColumnRef; readonly expr: BoundExpr }[] = [
    { column: item, expr: superRow(value, number, u.over === 'object') },
  ];
  if (u.over === 'object' && second !== undefined)
    added.push({ column: newColumn(state, second, varchar(65535)), expr: superRowName(value, number) });
  else if (second !== undefined || u.offset)
    added.push({ column: newColumn(state, second ?? 'offset_col', INT8), expr: number });
  const input = columnsOf(left.rel);
  const columns = added.map(({ column }) => ({ name: column.name, column }));
  const tables = [...left.tables, { alias, columns }];
  const given = on?.({ rel: left.rel, tables, columns: [...left.columns, ...columns] });
  // Over the row and the number, of which the item is made.
  const condition = given && substitute(given, new Map(added.map((a) => [a.column.id, a.expr])));
  const rel: Rel = {
    kind: 'project',
    input: {
      kind: 'unnest',
      input: left.rel,
      count: superRows(value, u.over === 'object'),
      outer,
      ...(condition === undefined ? {} : { on: condition }),
      ordinal,
    },
    columns: [...input, ...added.map((a) => a.column)],
    exprs: [
      ...input.map((c): BoundExpr => ({ kind: 'column', type: c.type, id: c.id })),
      ...added.map((a) => a.expr),
    ],
  };
  return { rel, tables, columns: [...left.columns, ...columns] };
}
const labelOf = (e: Expr): string => (e.kind === 'name' ? e.parts[e.parts.length - 1]! : 'unnest');
const holdsOuter = (e: BoundExpr): boolean => someExpr(e, (x) => x.kind === 'outer');
