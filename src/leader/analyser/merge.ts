/**
 * MERGE: the UPDATE or DELETE of the target's rows that match, and the INSERT of the source's rows that match none. Both
 * read the target as it was before. A source that is no table is read once: its rows are kept in a table of their own, which
 * both read instead.
 */
import { featureNotSupported } from '../../common/errors/catalogue.ts';
import type { TableId } from '../../common/ids.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import type { BoundStatement, ColumnRef, Rel } from '../../expressions/relation.ts';
import { mapInputs, relExprs, relInputs, relIsVolatile } from '../../expressions/rel-walk.ts';
import { children, isVolatile, someExpr, substitute } from '../../expressions/walk.ts';
import { sameType } from '../../types/sql-type.ts';
import { storedType } from '../catalog/column-types.ts';
import { liveColumns, type TableObject } from '../catalog/objects.ts';
import type { Statement } from '../parser/ast.ts';
import { assignTo, castTo, toBoolean } from './coerce.ts';
import { at, newColumn, newEnv, type AnalyserState, type QueryEnv } from './context.ts';
import { checkCount, completeRow, refuseIdentity } from './defaults.ts';
import { bindExpr, type ExprContext } from './expression.ts';
import { analyseFrom, getTable, scopeOf, type FromResult } from './from.ts';
import {
  assignedValues,
  besideTarget,
  deleteOf,
  findTarget,
  inTableOrder,
  openTarget,
  targetColumns,
  updateOf,
} from './modify.ts';
import { checkColumns, checkTable } from './privileges.ts';
import { coerceColumns, type BoundQuery } from './query.ts';
import { printName } from './relations.ts';

type Merge = Extract<Statement, { kind: 'merge' }>;

export interface BoundMerge {
  readonly kind: 'merge';
  readonly tableId: TableId;
  /** Fills the table that stands for the source under the id KEPT_SOURCE; undefined: the source is a table. */
  readonly keep: Extract<BoundStatement, { kind: 'insert' }> | undefined;
  readonly change: Extract<BoundStatement, { kind: 'update' | 'delete' }>;
  readonly insert: Extract<BoundStatement, { kind: 'insert' }>;
}

/** Id of no table: it stands for the kept rows until they have a table. */
export const KEPT_SOURCE: TableId = 0;

/** The statements with the id of the table that holds the kept rows. */
export function withKept<S extends BoundStatement>(statement: S, tableId: TableId): S {
  const replace = (rel: Rel): Rel =>
    rel.kind === 'get' && rel.tableId === KEPT_SOURCE ? { ...rel, tableId } : mapInputs(rel, replace);
  const target = statement.kind === 'insert' && statement.tableId === KEPT_SOURCE ? { tableId } : {};
  return { ...statement, ...target, rel: replace(statement.rel) };
}

const isPartOfSuper = (e: BoundExpr): boolean =>
  someExpr(e, (x) => x.kind === 'call' && (x.name === 'super_path' || x.name === 'super_item'));

function refuseParts(...exprs: readonly BoundExpr[]): void {
  if (exprs.some(isPartOfSuper))
    throw featureNotSupported('Partial reference of SUPER column is not supported in MERGE statement.');
}

function readsTable(rel: Rel, tableId: TableId): boolean {
  const inExpr = (e: BoundExpr): boolean =>
    (e.kind === 'subquery' && readsTable(e.rel, tableId)) || children(e).some(inExpr);
  return (
    (rel.kind === 'get' && rel.tableId === tableId) ||
    relExprs(rel).some(inExpr) ||
    relInputs(rel).some((r) => readsTable(r, tableId))
  );
}

const readsInSubquery = (e: BoundExpr, tableId: TableId): boolean =>
  someExpr(e, (x) => x.kind === 'subquery' && readsTable(x.rel, tableId));

function refuseTarget(reads: boolean): void {
  if (reads) throw featureNotSupported('Source view/subquery in Merge statement cannot reference target table.');
}

interface Source {
  readonly from: FromResult;
  readonly keep: BoundMerge['keep'];
}

/** The source's rows under the id of the table that will hold them. */
function kept(state: AnalyserState, from: FromResult): Source {
  const alias = from.tables[0]!.alias;
  const given = from.columns.map((c) => ({ ...c.column, name: c.name }));
  const types = given.map((c) => storedType(c.type, `${alias}.${c.name}`));
  const filled = coerceColumns(state, { rel: from.rel, columns: given }, (e, i) =>
    sameType(e.type, types[i]!) ? e : castTo(state, e, types[i]!, 0),
  );
  const columns = given.map((c, i) => newColumn(state, c.name, types[i]!));
  const rel: Rel = { kind: 'get', tableId: KEPT_SOURCE, alias, columns, attnums: columns.map((_, i) => i + 1) };
  const scoped = columns.map((column) => ({ name: column.name, column }));
  return {
    from: { rel, tables: [{ ...from.tables[0]!, columns: scoped }], columns: scoped },
    keep: { kind: 'insert', tableId: KEPT_SOURCE, rel: filled.rel, columns: filled.columns },
  };
}

function analyseSource(s: Merge, table: TableObject, env: QueryEnv): Source {
  const from = analyseFrom([s.source], env);
  if (from.rel.kind !== 'get') {
    refuseTarget(readsTable(from.rel, table.oid));
    return kept(env.state, from);
  }
  if (from.rel.tableId === table.oid)
    throw featureNotSupported('Source table in Merge statement cannot be the target table.', at(s.source));
  return { from, keep: undefined };
}

/** The relation's columns under new ids, and the condition over them. */
function again(
  state: AnalyserState,
  rel: Extract<Rel, { kind: 'get' }>,
  on: BoundExpr,
): { readonly rel: Rel; readonly on: BoundExpr } {
  const columns = rel.columns.map((c) => newColumn(state, c.name, c.type, c.origin));
  const renamed = new Map(
    rel.columns.map((c, i): [number, BoundExpr] => [c.id, { kind: 'column', type: c.type, id: columns[i]!.id }]),
  );
  return { rel: { ...rel, columns }, on: substitute(on, renamed) };
}

/** The source's rows that match none of the target's. */
function unmatched(
  state: AnalyserState,
  source: Rel,
  table: TableObject,
  target: readonly ColumnRef[],
  on: BoundExpr,
): Rel {
  let right: Rel = { ...getTable(state, table, table.name), columns: target };
  // Of a large target only what matches at all has to be kept for the join.
  if (source.kind === 'get' && !someExpr(on, (x) => x.kind === 'subquery')) {
    const other = again(state, source, on);
    right = { kind: 'join', type: 'semi', left: right, right: other.rel, on: other.on, optional: true };
  }
  return { kind: 'join', type: 'anti', left: source, right, on };
}

/** The whole source as rows of the target, column by column. */
function everyRow(s: Merge, table: TableObject, source: FromResult, env: QueryEnv): BoundQuery {
  const live = liveColumns(table);
  if (source.columns.length !== live.length)
    throw featureNotSupported(
      'MERGE with REMOVE DUPLICATES needs as many columns in the source as in the target table',
      at(s.source),
    );
  live.forEach((c) => refuseIdentity(c, at(s.source)));
  const columns = source.columns.map((c) => c.column);
  return coerceColumns(env.state, { rel: source.rel, columns }, (e, i) =>
    assignTo(env.state, e, live[i]!, at(s.source)),
  );
}

export function analyseMerge(s: Merge, state: AnalyserState): BoundMerge {
  const env = newEnv(state);
  const table = findTarget(state, s.table, 'merge into', 'a');
  const { catalog } = state.context;
  const { matched } = s;
  if (matched.kind === 'update') {
    const assigned = matched.set.map((item) => item.column);
    checkColumns(catalog, state.user, table, 'w', assigned, at(s.table));
  } else checkTable(catalog, state.user, table, ['d'], at(s.table));
  const source = analyseSource(s, table, env);
  const own = openTarget(env, table, undefined);
  const target = besideTarget(own, source.from, at(s.source));
  const both: ExprContext = { env, scope: scopeOf(target.from, env), clause: 'JOIN/ON' };
  const on = toBoolean(state, bindExpr(s.on, both), 'argument of ON', at(s.on));
  if (isVolatile(on) || someExpr(on, (x) => x.kind === 'subquery' && relIsVolatile(x.rel)))
    throw featureNotSupported('volatile functions in the ON condition of MERGE are not supported', at(s.on));
  refuseParts(on);
  refuseTarget(readsInSubquery(on, table.oid));
  const matching: Rel = { kind: 'filter', input: target.from.rel, condition: on };

  let change: BoundMerge['change'];
  if (s.matched.kind === 'update') {
    const values = assignedValues(table, printName(s.table), s.matched.set, { ...both, clause: 'UPDATE' });
    refuseParts(...values.values());
    refuseTarget([...values.values()].some((e) => readsInSubquery(e, table.oid)));
    change = updateOf(target, table, values, matching, state);
  } else change = deleteOf(target, table, matching);

  let rows: BoundQuery;
  if (s.insert === undefined)
    rows = inTableOrder(env, table, liveColumns(table), everyRow(s, table, source.from, env));
  else {
    const { columns: names, values, pos } = s.insert;
    const targets = targetColumns(table, names, pos + 1);
    checkCount(targets, values.length, names.length > 0, values[0] === undefined ? pos + 1 : at(values[0]));
    const scope = scopeOf(source.from, env);
    const exprs = completeRow(env, table, targets, values, { env, scope, clause: 'VALUES' });
    refuseParts(...exprs);
    refuseTarget(exprs.some((e) => readsInSubquery(e, table.oid)));
    const columns = liveColumns(table).map((c) => newColumn(state, c.name, c.type));
    const input = unmatched(state, source.from.rel, table, own.columns, on);
    rows = { columns, rel: { kind: 'project', input, columns, exprs } };
  }
  const insert: BoundMerge['insert'] = { kind: 'insert', tableId: table.oid, rel: rows.rel, columns: rows.columns };
  return { kind: 'merge', tableId: table.oid, keep: source.keep, change, insert };
}
