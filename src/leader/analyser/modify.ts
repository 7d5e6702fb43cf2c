/**
 * INSERT, UPDATE and DELETE. INSERT gives complete rows in table order (defaults and identity values filled in); UPDATE
 * and DELETE read the target with its hidden row address, UPDATE beside the complete new row.
 */
import {
  columnTwice,
  assignedTwice,
  featureNotSupported,
  permissionDenied,
  targetWithoutEquijoin,
  undefinedTargetColumn,
  valuesLengths,
} from '../../common/errors/catalogue.ts';
import { crossDatabaseWrite } from '../../common/errors/cross-database-errors.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import { ROW_ADDRESS_ATTNUM, type BoundStatement, type ColumnRef, type Rel } from '../../expressions/relation.ts';
import { collectColumns, conjuncts, someExpr } from '../../expressions/walk.ts';
import type { ColId } from '../../common/ids.ts';
import { INT8 } from '../../types/sql-type.ts';
import { columnByName, liveColumns, type CatalogColumn, type TableObject } from '../catalog/objects.ts';
import type { Cte, Expr, FromItem, QualifiedName, Query, Statement, ValuesCore } from '../parser/ast.ts';
import { literalRow } from '../parser/literal-expr.ts';
import { assignTo, toBoolean } from './coerce.ts';
import { at, newColumn, newEnv, type AnalyserState, type QueryEnv } from './context.ts';
import { checkCount, completeRow, defaultValue, refuseIdentity } from './defaults.ts';
import { boundItems } from './converted-lists.ts';
import { insertLiterals } from './insert-literals.ts';
import { bindExpr, type ExprContext } from './expression.ts';
import { analyseFrom, checkAliases, emptyFrom, getTable, scopeOf, type FromResult } from './from.ts';
import { checkColumns, checkTable, markedColumns, type TablePrivilege } from './privileges.ts';
import { analyseQueryIn, coerceColumns, withCteList, type BoundQuery } from './query.ts';
import { findRelation, printName } from './relations.ts';
import { secured } from './row-security.ts';

type Of<K> = Extract<Statement, { kind: K }>;

export function findTarget(
  state: AnalyserState,
  name: QualifiedName,
  what: string,
  privilege: TablePrivilege,
  columns?: readonly string[],
): TableObject {
  const found = findRelation(state, name);
  if (found.kind === 'system') throw permissionDenied('relation', name.name, at(name));
  if (found.inside !== undefined) throw crossDatabaseWrite(`${name.database}.${printName(name)}`, at(name));
  if (found.relation.kind !== 'table') throw featureNotSupported(`cannot ${what} a view`, at(name));
  if (columns === undefined) checkTable(state.context.catalog, state.user, found.relation, [privilege], at(name));
  else checkColumns(state.context.catalog, state.user, found.relation, 'w', columns, at(name));
  return found.relation;
}

export function targetColumns(
  table: TableObject,
  names: readonly string[],
  position: number,
): readonly CatalogColumn[] {
  if (names.length === 0) return liveColumns(table);
  const seen = new Set<string>();
  return names.map((n) => {
    const column = columnByName(table, n);
    if (column === undefined) throw undefinedTargetColumn(n, table.name, position);
    if (seen.has(n)) throw columnTwice(n, position);
    seen.add(n);
    return column;
  });
}

function insertValues(
  env: QueryEnv,
  table: TableObject,
  targets: readonly CatalogColumn[],
  listed: boolean,
  rows: ValuesCore['rows'],
  source: object,
  position: number,
): BoundQuery {
  const bound = boundItems(env.state, 'VALUES', source, rows, (row) => {
    if (row.length !== rows[0]!.length) throw valuesLengths(at(row[0]!));
    checkCount(targets, row.length, listed, row[0] === undefined ? position : at(row[0]));
    return completeRow(env, table, targets, row);
  });
  const columns = liveColumns(table).map((c) => newColumn(env.state, c.name, c.type));
  const hasSubquery = bound.some((row) => row.some((e) => someExpr(e, (x) => x.kind === 'subquery')));
  if (!hasSubquery) return { columns, rel: { kind: 'values', columns, rows: bound } };
  if (bound.length > 1) throw featureNotSupported("can't use subqueries in multi-row VALUES", position);
  return { columns, rel: { kind: 'project', input: emptyFrom().rel, columns, exprs: bound[0]! } };
}

function rowsOf({ rows, literals }: ValuesCore): ValuesCore['rows'] {
  if (literals === undefined) return rows;
  const { list } = literals;
  return Array.from({ length: list.length / list.width }, (_, r) => literalRow(list, r));
}

function insertQuery(
  env: QueryEnv,
  table: TableObject,
  targets: readonly CatalogColumn[],
  listed: boolean,
  query: Query,
): BoundQuery {
  const { state } = env;
  const q = analyseQueryIn(query, env, true);
  checkCount(targets, q.columns.length, listed, at(query));
  q.columns.forEach((_, i) => refuseIdentity(targets[i]!, at(query)));
  const items = query.body.kind === 'select' ? query.body.items : [];
  const typed = coerceColumns(state, q, (e, i) => {
    const item = items.length === q.columns.length ? items[i] : undefined;
    return assignTo(state, e, targets[i]!, item === undefined ? undefined : at(item.expr));
  });
  return inTableOrder(env, table, targets, typed);
}

/** Rows for `targets` as complete rows of the table. */
export function inTableOrder(
  env: QueryEnv,
  table: TableObject,
  targets: readonly CatalogColumn[],
  typed: BoundQuery,
): BoundQuery {
  const { state } = env;
  const given = new Map(typed.columns.map((c, i) => [targets[i]!.attnum, c]));
  const live = liveColumns(table);
  const inOrder = live.length === typed.columns.length && live.every((c, i) => targets[i]!.attnum === c.attnum);
  if (inOrder) return typed;
  const exprs = live.map((c): BoundExpr => {
    const source = given.get(c.attnum);
    if (source === undefined) return defaultValue(env, table, c);
    return { kind: 'column', type: source.type, id: source.id };
  });
  const columns = live.map((c) => newColumn(state, c.name, c.type));
  return { columns, rel: { kind: 'project', input: typed.rel, columns, exprs } };
}

export function analyseInsert(s: Of<'insert'>, state: AnalyserState): BoundStatement {
  const env = newEnv(state);
  state.usage.onSlices = true;
  const table = findTarget(state, s.table, 'insert into', 'a');
  const targets = targetColumns(table, s.columns, at(s.table));
  const listed = s.columns.length > 0;
  let q: BoundQuery;
  if (s.source === 'default values') q = insertValues(env, table, targets, false, [[]], s, at(s.table));
  else if (s.source.body.kind === 'values') {
    const { body } = s.source;
    const packed = body.literals && insertLiterals(env, table, targets, listed, body.literals.list);
    q =
      packed ??
      insertValues(withCteList(s.source.ctes, env), table, targets, listed, rowsOf(body), body, at(s.source));
  } else q = insertQuery(env, table, targets, listed, s.source);
  return { kind: 'insert', tableId: table.oid, rel: q.rel, columns: q.columns };
}

export interface Target {
  readonly from: FromResult;
  readonly rowId: ColumnRef;
  /** Live columns of the target, in table order. */
  readonly columns: readonly ColumnRef[];
}

/** The target with its row address. */
export function openTarget(env: QueryEnv, table: TableObject, given: string | undefined): Target {
  // Without an alias the target answers to its schema's name too, as any table in FROM does.
  const alias = given ?? table.name;
  const schema = given === undefined ? env.state.context.catalog.schemaByOid(table.schemaOid)?.name : undefined;
  const get = getTable(env.state, table, alias);
  const rowId = newColumn(env.state, 'row_address', INT8);
  const whole: Rel = { ...get, columns: [...get.columns, rowId], attnums: [...get.attnums, ROW_ADDRESS_ATTNUM] };
  const kept = [...get.columns, rowId];
  const { rel, seen } = secured(env.state, table, whole, get.columns, alias, bindExpr, kept);
  const marked = markedColumns(env.state.context.catalog, env.state.user, table, seen);
  const scoped = marked.map((column) => ({ name: column.name, column }));
  const from: FromResult = { rel, tables: [{ alias, schema, columns: scoped }], columns: scoped };
  return { from, rowId, columns: get.columns };
}

/** The target beside the rows of FROM, USING or a MERGE's source. */
export function besideTarget(target: Target, rest: FromResult, position: number): Target {
  const { from } = target;
  checkAliases([...from.tables, ...rest.tables], position);
  return {
    ...target,
    from: {
      rel: { kind: 'join', type: 'cross', left: from.rel, right: rest.rel, on: undefined },
      tables: [...from.tables, ...rest.tables],
      columns: [...from.columns, ...rest.columns],
    },
  };
}

function targetWith(
  env: QueryEnv,
  table: TableObject,
  alias: string | undefined,
  others: readonly FromItem[],
): Target {
  const target = openTarget(env, table, alias);
  return others.length === 0 ? target : besideTarget(target, analyseFrom(others, env), at(others[0]!));
}

function filtered(target: Target, where: Expr | undefined, context: ExprContext): Rel {
  if (where === undefined) return target.from.rel;
  const bound = bindExpr(where, { ...context, clause: 'WHERE' });
  const condition = toBoolean(context.env.state, bound, 'argument of WHERE', at(where));
  return { kind: 'filter', input: target.from.rel, condition };
}

/** Rows of other tables change the target's through an equality with one of its columns: Redshift joins them no other way. */
function requireEquijoin(target: Target, input: Rel): void {
  const own = new Set([...target.columns, target.rowId].map((c) => c.id));
  const others = new Set(target.from.columns.map(({ column }) => column.id).filter((id) => !own.has(id)));
  const onlyOf = (ids: ReadonlySet<ColId>, of: ReadonlySet<ColId>, not: ReadonlySet<ColId>): boolean =>
    [...ids].some((id) => of.has(id)) && ![...ids].some((id) => not.has(id));
  const joins = conjuncts(input.kind === 'filter' ? input.condition : undefined).some((e) => {
    if (e.kind !== 'compare' || e.op !== '=') return false;
    const [left, right] = [collectColumns(e.left), collectColumns(e.right)];
    return (
      (onlyOf(left, own, others) && onlyOf(right, others, own)) ||
      (onlyOf(right, own, others) && onlyOf(left, others, own))
    );
  });
  if (!joins) throw targetWithoutEquijoin();
}

type Assignment = Of<'update'>['set'][number];

/** New values by column. */
export function assignedValues(
  table: TableObject,
  name: string,
  set: readonly Assignment[],
  context: ExprContext,
): ReadonlyMap<number, BoundExpr> {
  const { env } = context;
  const values = new Map<number, BoundExpr>();
  for (const item of set) {
    const column = columnByName(table, item.column);
    if (column === undefined) throw undefinedTargetColumn(item.column, name, at(item));
    if (values.has(column.attnum)) throw assignedTwice(column.name, at(item));
    refuseIdentity(column, at(item));
    if (column.identity !== undefined && item.value.kind === 'default')
      throw featureNotSupported('UPDATE cannot draw a new value for an IDENTITY column', at(item));
    const value =
      item.value.kind === 'default'
        ? defaultValue(env, table, column)
        : assignTo(env.state, bindExpr(item.value, context), column, at(item.value));
    values.set(column.attnum, value);
  }
  return values;
}

/** The UPDATE that gives the target's rows in `input` these values. */
export function updateOf(
  target: Target,
  table: TableObject,
  values: ReadonlyMap<number, BoundExpr>,
  input: Rel,
  state: AnalyserState,
): Extract<BoundStatement, { kind: 'update' }> {
  const live = liveColumns(table);
  const columns = live.map((c) => newColumn(state, c.name, c.type));
  const exprs = live.map(
    (c, i): BoundExpr => values.get(c.attnum) ?? { kind: 'column', type: c.type, id: target.columns[i]!.id },
  );
  const rowId: BoundExpr = { kind: 'column', type: INT8, id: target.rowId.id };
  const rel: Rel = { kind: 'project', input, columns: [...columns, target.rowId], exprs: [...exprs, rowId] };
  return { kind: 'update', tableId: table.oid, rel, rowId: target.rowId.id, columns };
}

/** The DELETE of the target's rows in `input`. */
export function deleteOf(
  target: Target,
  table: TableObject,
  input: Rel,
): Extract<BoundStatement, { kind: 'delete' }> {
  const rowId: BoundExpr = { kind: 'column', type: INT8, id: target.rowId.id };
  const rel: Rel = { kind: 'project', input, columns: [target.rowId], exprs: [rowId] };
  return { kind: 'delete', tableId: table.oid, rel, rowId: target.rowId.id };
}

const envWith = (state: AnalyserState, ctes: readonly Cte[]): QueryEnv => ({
  ...withCteList(ctes, newEnv(state)),
  isTop: false,
});

export function analyseUpdate(s: Of<'update'>, state: AnalyserState): BoundStatement {
  const env = envWith(state, s.ctes);
  const assigned = s.set.map((item) => item.column);
  const table = findTarget(state, s.table, 'update', 'w', assigned);
  const target = targetWith(env, table, s.alias, s.from);
  const context: ExprContext = { env, scope: scopeOf(target.from, env), clause: 'UPDATE' };
  const values = assignedValues(table, printName(s.table), s.set, context);
  const input = filtered(target, s.where, context);
  if (s.from.length > 0) requireEquijoin(target, input);
  return updateOf(target, table, values, input, state);
}

/** USING joins its tables with each other by inner joins only. */
function refuseOuterJoin(item: FromItem): void {
  if (item.kind !== 'join') return;
  if (['left', 'right', 'full'].includes(item.type))
    throw featureNotSupported('outer joins in the USING clause of DELETE are not supported', at(item));
  refuseOuterJoin(item.left);
  refuseOuterJoin(item.right);
}

export function analyseDelete(s: Of<'delete'>, state: AnalyserState): BoundStatement {
  const env = envWith(state, s.ctes);
  const table = findTarget(state, s.table, 'delete from', 'd');
  s.using.forEach(refuseOuterJoin);
  const target = targetWith(env, table, s.alias, s.using);
  const context: ExprContext = { env, scope: scopeOf(target.from, env), clause: 'WHERE' };
  const input = filtered(target, s.where, context);
  return deleteOf(target, table, input);
}
