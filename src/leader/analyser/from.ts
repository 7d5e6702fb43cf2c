/**
 * The FROM clause: tables, views, derived tables, table functions and joins become relations; every item says which
 * columns names and `*` see. Views are analysed anew for each reference, as their owner.
 */
import {
  columnAliasCount,
  undefinedTable,
  duplicateAlias,
  featureNotSupported,
  functionNotSupported,
  undefinedFunction,
  usingColumnMissing,
  ambiguousColumn,
} from '../../common/errors/catalogue.ts';
import { SqlError } from '../../common/errors/sql-error.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import { relIsVolatile } from '../../expressions/rel-walk.ts';
import { conjunction, isTrue, someExpr } from '../../expressions/walk.ts';
import { isRedshiftFunction, refusalOf } from '../../functions/redshift-names.ts';
import { ORDINALITY, type ColumnRef, type Rel } from '../../expressions/relation.ts';
import { INT4, INT8, TEXT, isInteger, isString } from '../../types/sql-type.ts';
import { liveColumns, type RelationObject, type TableObject, type ViewObject } from '../catalog/objects.ts';
import type { FromItem, FrozenTable, Pivot, Unpivot } from '../parser/ast.ts';
import { settle, tryCoerce, toBoolean, unify } from './coerce.ts';
import { at, countReference, newColumn, newEnv, recorderOf, type AnalyserState, type QueryEnv } from './context.ts';
import { bindExpr } from './expression.ts';
import { mayName, unnested, unnestOver, type Unnested } from './from-unnest.ts';
import { bindCompare } from './operators.ts';
import { noteSystemView, signatureOf } from './leader-only.ts';
import { checkReadable, checkSchemaUsage, markedColumns, readColumn } from './privileges.ts';
import { pivotSelect, unpivot } from './pivot.ts';
import { analyseCte, analyseQueryIn, type BoundQuery } from './query.ts';
import { findRelation } from './relations.ts';
import { secured } from './row-security.ts';
import { columnType, rowFunction } from './row-functions.ts';
import { analyseSelect } from './select.ts';
import type { Scope, ScopeColumn, ScopeTable } from './scope.ts';
import { isSuper } from './super.ts';
import { elementType, typeOfRef } from './type-rules.ts';

/** A FROM clause or a part of it. */
export interface FromResult {
  readonly rel: Rel;
  readonly tables: readonly ScopeTable[];
  readonly columns: readonly ScopeColumn[];
}

export const scopeOf = (from: FromResult, env: QueryEnv): Scope => ({
  tables: from.tables,
  columns: from.columns,
  parent: env.parent,
  database: env.state.context.catalog.database.name,
});
export const emptyFrom = (): FromResult => ({
  rel: { kind: 'values', columns: [], rows: [[]] },
  tables: [],
  columns: [],
});

const colExpr = (c: ColumnRef): BoundExpr => ({ kind: 'column', type: c.type, id: c.id });

/** One named item with its column aliases applied. */
function named(
  rel: Rel,
  columns: readonly ColumnRef[],
  alias: string,
  aliases: readonly string[],
  position: number,
  schema?: string,
): FromResult {
  if (aliases.length > columns.length) {
    throw columnAliasCount(alias, String(columns.length), String(aliases.length), position);
  }
  const scoped = columns.map((column, i) => ({ name: aliases[i] ?? column.name, column }));
  return { rel, tables: [{ alias, schema, columns: scoped }], columns: scoped };
}

/** Columns of a table under an alias; `attnums` negative for hidden ones. */
export function getTable(state: AnalyserState, table: TableObject, alias: string): Extract<Rel, { kind: 'get' }> {
  const live = liveColumns(table);
  state.usage.readsUserTable = true;
  state.usage.onSlices = true;
  return {
    kind: 'get',
    tableId: table.oid,
    alias,
    columns: live.map((c) => newColumn(state, c.name, c.type, { tableId: table.oid, attnum: c.attnum, alias })),
    attnums: live.map((c) => c.attnum),
  };
}

/** Runs the analysis of stored text; positions in it mean nothing to the user. */
function withoutPositions<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof SqlError) error.position = undefined;
    throw error;
  }
}

function expandView(state: AnalyserState, view: ViewObject): BoundQuery {
  const { catalog, parseQuery } = state.context;
  if (state.viewStack.includes(view.oid)) throw featureNotSupported(`infinite recursion in view "${view.name}"`);
  countReference(state);
  return withoutPositions(() => {
    const inner: AnalyserState = {
      ...state,
      user: catalog.userByOid(view.ownerOid) ?? state.user,
      searchPath: view.searchPath,
      viewStack: [...state.viewStack, view.oid],
    };
    const q = analyseQueryIn(view.query ?? parseQuery(view.queryText), newEnv(inner));
    const names = view.columns;
    return { rel: q.rel, columns: q.columns.map((c, i) => ({ ...c, name: names[i]?.name ?? c.name })) };
  });
}

function fromRelation(
  state: AnalyserState,
  relation: RelationObject,
  alias: string,
  aliases: readonly string[],
  position: number,
  schema?: string,
): FromResult {
  checkReadable(state.context.catalog, state.user, relation, position);
  const readable = (columns: readonly ColumnRef[]): readonly ColumnRef[] =>
    markedColumns(state.context.catalog, state.user, relation, columns);
  if (state.viewStack.length === 0) state.context.readsRelation?.(relation.oid);
  if (relation.kind === 'view') {
    const q = expandView(state, relation);
    const whole: Rel = { kind: 'subquery', input: q.rel, alias };
    const { rel, seen } = secured(state, relation, whole, q.columns, alias, bindExpr);
    return named(rel, readable(seen), alias, aliases, position, schema);
  }
  if (relation.kind === 'materialized view') {
    const storage = state.context.catalog.relationByOid(relation.storageTable);
    if (storage === undefined || storage.kind !== 'table') {
      throw featureNotSupported(`materialized view "${relation.name}" has no data yet`, position);
    }
    const get = getTable(state, storage, alias);
    const columns = get.columns.map((c, i) => ({ ...c, name: relation.columns[i]?.name ?? c.name }));
    const { rel, seen } = secured(state, relation, get, columns, alias, bindExpr);
    return named(rel, readable(seen), alias, aliases, position, schema);
  }
  const get = getTable(state, relation, alias);
  const { rel, seen } = secured(state, relation, get, get.columns, alias, bindExpr);
  return named(rel, readable(seen), alias, aliases, position, schema);
}

/** A table of a stored query: by oid, with the columns it had then under the names they had for the query. */
function fromFrozen(
  item: Extract<FromItem, { kind: 'table' }>,
  frozen: FrozenTable,
  state: AnalyserState,
): FromResult {
  const { catalog } = state.context;
  const relation = catalog.relationByOid(frozen.oid);
  const schema = relation === undefined ? undefined : catalog.schemaByOid(relation.schemaOid);
  if (relation === undefined || schema === undefined)
    throw undefinedTable(`${frozen.schema}.${frozen.name}`, at(item));
  checkSchemaUsage(catalog, state.user, schema, at(item));
  const alias = item.alias ?? frozen.name;
  const all = fromRelation(state, relation, alias, [], at(item));
  const byNumber = new Map(liveColumns(relation).map((c, i) => [c.attnum, all.columns[i]!.column]));
  const columns = frozen.columns.flatMap(({ attnum, name }) => {
    const column = byNumber.get(attnum);
    return column === undefined ? [] : [{ name, column }];
  });
  return { rel: all.rel, tables: [{ alias, columns }], columns };
}

function fromTable(item: Extract<FromItem, { kind: 'table' }>, env: QueryEnv): FromResult {
  const { state } = env;
  const { name } = item;
  if (item.relation !== undefined) return fromFrozen(item, item.relation, state);
  const alias = item.alias ?? name.name;
  const cte = name.schema === undefined ? env.ctes.get(name.name) : undefined;
  if (cte?.working !== undefined) {
    const { recursion, columns: given } = cte.working;
    const columns = given.map((c) => newColumn(state, c.name, c.type));
    return named({ kind: 'working', recursion, alias, columns }, columns, alias, item.columnAliases, at(item));
  }
  if (cte !== undefined) {
    countReference(state, at(item));
    const q = analyseCte(cte, state);
    // Every reference is a query of its own here; a WITH query with random values has one result.
    if (cte.used && relIsVolatile(q.rel))
      throw featureNotSupported(
        `WITH query "${name.name}" calls a volatile function and cannot be referenced more than once`,
        at(item),
      );
    cte.used = true;
    const renamed = named(q.rel, q.columns, name.name, cte.cte.columnAliases, cte.cte.pos + 1);
    const columns = renamed.columns.map((c) => ({ ...c.column, name: c.name }));
    return named({ kind: 'subquery', input: q.rel, alias }, columns, alias, item.columnAliases, at(item));
  }
  const found = findRelation(state, name);
  const schema = item.alias === undefined ? (found.kind === 'system' ? found.schema : found.schema.name) : undefined;
  if (found.kind === 'relation') {
    const inside = found.inside ?? state;
    const result = fromRelation(inside, found.relation, alias, item.columnAliases, at(name), schema);
    recorderOf(state)?.table(item, found.relation, found.schema.name, result.tables[0]!);
    return result;
  }
  const columns = found.view.columns.map((c) => newColumn(state, c.name, c.type));
  noteSystemView(state, found.view, alias, columns);
  const rel: Rel = { kind: 'virtual', name: found.view.name, alias, columns, args: [] };
  return named(rel, columns, alias, item.columnAliases, at(item), schema);
}

function fromDerived(item: Extract<FromItem, { kind: 'derived' }>, env: QueryEnv): FromResult {
  const q = analyseQueryIn(item.query, env);
  const alias = item.alias ?? 'unnamed_subquery';
  const result = named({ kind: 'subquery', input: q.rel, alias }, q.columns, alias, item.columnAliases, at(item));
  return result;
}

/** WITH ORDINALITY: one more column behind the function's, a bigint that is called ordinality unless the alias list says. */
function withOrdinality(
  item: Extract<FromItem, { kind: 'function' }>,
  env: QueryEnv,
  columns: readonly ColumnRef[],
): { readonly columns: readonly ColumnRef[]; readonly aliases: readonly string[] } {
  if (!item.ordinality) return { columns, aliases: item.columnAliases };
  if (item.columnTypes.length > 0)
    throw featureNotSupported('WITH ORDINALITY with a column definition list is not supported', at(item));
  const given = item.columnAliases;
  const names = [...columns.map((c, i) => given[i] ?? c.name), given[columns.length] ?? 'ordinality'];
  return {
    columns: [...columns, newColumn(env.state, ORDINALITY, INT8)],
    aliases: [...names, ...given.slice(names.length)],
  };
}

/** FROM current_database(): one row with the function's value, named like the function. */
function fromScalar(item: Extract<FromItem, { kind: 'function' }>, env: QueryEnv, alias: string): FromResult {
  const scope = scopeOf(emptyFrom(), env);
  const value = settle(env.state, bindExpr(item.call, { env, scope, clause: 'FROM' }));
  const { columns, aliases } = withOrdinality(item, env, [newColumn(env.state, alias, value.type)]);
  const first: BoundExpr = { kind: 'const', type: INT8, value: 1n };
  const exprs = [value, first].slice(0, columns.length);
  return named({ kind: 'project', input: emptyFrom().rel, columns, exprs }, columns, alias, aliases, at(item));
}

/** generate_series and the leader's set-returning catalog functions. */
function fromFunction(item: Extract<FromItem, { kind: 'function' }>, env: QueryEnv): FromResult {
  const { state } = env;
  const { name } = item.call.name;
  const alias = item.alias ?? name;
  const scope = scopeOf(emptyFrom(), env);
  const args = item.call.args.map((a) => bindExpr(a, { env, scope, clause: 'FROM' }));
  const make = (columns: readonly ColumnRef[], bound: readonly BoundExpr[], registered: string): FromResult => {
    state.usage.leaderFunctions.add(
      signatureOf(
        name,
        args.map((a) => a.type),
      ),
    );
    const all = withOrdinality(item, env, columns);
    const rel: Rel = { kind: 'virtual', name: registered, alias, columns: all.columns, args: bound };
    return named(rel, all.columns, alias, all.aliases, at(item));
  };
  if (name === 'generate_series' && args.length >= 2 && args.length <= 3) {
    const u = unify(state, args, 'generate_series', at(item.call));
    const type = u.type.name === 'int8' ? INT8 : INT4;
    if (!isInteger(u.type)) throw undefinedFunction(`generate_series(${u.type.name}, ${u.type.name})`, at(item.call));
    const bound = u.args.map((a) => tryCoerce(state, a, type, 'implicit')!);
    return make([newColumn(state, alias, type)], bound, 'generate_series');
  }
  if (name === 'unnest' && args.length === 1 && elementType(args[0]!.type) !== undefined) {
    return make([newColumn(state, alias, elementType(args[0]!.type)!)], args, 'unnest');
  }
  const list = rowFunction(name);
  if (list !== undefined && args.length === list.args) {
    const bound = args.map((a) => tryCoerce(state, a, TEXT, 'implicit', at(item.call))!);
    return make(
      list.columns.map((c, i) => newColumn(state, c.name, columnType(list, item, i))),
      bound,
      name,
    );
  }
  if (list === undefined && state.context.functions.lookup(name)?.kind === 'scalar')
    return fromScalar(item, env, alias);
  const info = state.context.systemViews(undefined, name) ?? state.context.systemViews(item.call.name.schema, name);
  if (info === undefined && isRedshiftFunction(name))
    throw functionNotSupported(name, refusalOf(name), at(item.call));
  if (info === undefined)
    throw undefinedFunction(`${name}(${args.map((a) => a.type.name).join(', ')})`, at(item.call));
  const columns = info.columns.map((c, i) => {
    const given = item.columnTypes[i];
    return newColumn(state, c.name, given === undefined ? c.type : typeOfRef(given));
  });
  return make(columns, args, info.name);
}

/** Columns named in USING or shared by a NATURAL join. */
function sharedNames(
  item: Extract<FromItem, { kind: 'join' }>,
  left: FromResult,
  right: FromResult,
): readonly string[] {
  if (!item.natural) return item.using;
  const rightNames = new Set(right.columns.map((c) => c.name));
  return left.columns.map((c) => c.name).filter((n) => rightNames.has(n));
}

function sideColumn(side: FromResult, name: string, which: string, position: number): ColumnRef {
  const hits = side.columns.filter((c) => c.name === name);
  if (hits.length === 0) throw usingColumnMissing(name, which, position);
  if (hits.length > 1) throw ambiguousColumn(name, position);
  return readColumn(hits[0]!.column, position);
}

/** What two columns of USING are merged into: of the side that has a row for sure, of the type that both have in common. */
function mergedValue(
  state: AnalyserState,
  item: Extract<FromItem, { kind: 'join' }>,
  left: ColumnRef,
  right: ColumnRef,
): BoundExpr {
  const [l, r] = [colExpr(left), colExpr(right)];
  const { type } = item;
  const isPlain = left.type.name === right.type.name || (isString(left.type) && isString(right.type));
  if (isPlain && type !== 'full') return type === 'right' ? r : l;
  const u = unify(state, [l, r], 'JOIN/USING', at(item));
  if (type === 'full') return { kind: 'coalesce', type: u.type, args: u.args };
  const own = u.args.map((a) => a.kind === 'column');
  if (type === 'right' || (type !== 'left' && own[1] === true && own[0] === false)) return u.args[1]!;
  return u.args[0]!;
}

function joinUsing(
  item: Extract<FromItem, { kind: 'join' }>,
  names: readonly string[],
  left: FromResult,
  right: FromResult,
  env: QueryEnv,
): FromResult {
  const { state } = env;
  const pairs = names.map(
    (n) => [sideColumn(left, n, 'left', at(item)), sideColumn(right, n, 'right', at(item))] as const,
  );
  const conditions = pairs.map(([l, r]) => bindCompare(state, '=', colExpr(l), colExpr(r), at(item)));
  const both: FromResult = {
    rel: left.rel,
    tables: [...left.tables, ...right.tables],
    columns: [...left.columns, ...right.columns],
  };
  checkOuterJoin(item, ...conditions);
  const on = conditions.length === 0 ? undefined : conjunction(conditions);
  const type = on === undefined ? 'cross' : item.type;
  let rel: Rel = { kind: 'join', type, left: left.rel, right: right.rel, on };
  const values = pairs.map(([l, r]) => mergedValue(state, item, l, r));
  const columns = values.map((v, i) => {
    const own = v.kind === 'column' ? pairs[i]!.find((c) => c.id === v.id) : undefined;
    return own ?? newColumn(state, names[i]!, v.type);
  });
  const made = values.flatMap((expr, i) => (expr.kind === 'column' ? [] : [{ expr, column: columns[i]! }]));
  if (item.type === 'full' || made.length > 0) recorderOf(state)?.fixed();
  else if (pairs.length > 0) recorderOf(state)?.using(item, scopeOf(both, env), pairs);
  if (made.length > 0) {
    const all = [...left.columns, ...right.columns].map((c) => c.column);
    const kept = [...new Map([...all, ...tableColumns(left), ...tableColumns(right)].map((c) => [c.id, c])).values()];
    rel = {
      kind: 'project',
      input: rel,
      columns: [...kept, ...made.map((m) => m.column)],
      exprs: [...kept.map(colExpr), ...made.map((m) => m.expr)],
    };
  }
  const merged = names.map((name, i) => ({ name, column: columns[i]! }));
  const rest = (side: FromResult) => side.columns.filter((c) => !names.includes(c.name));
  return { rel, tables: [...left.tables, ...right.tables], columns: [...merged, ...rest(left), ...rest(right)] };
}
const tableColumns = (f: FromResult): readonly ColumnRef[] => f.tables.flatMap((t) => t.columns.map((c) => c.column));

function fromJoin(item: Extract<FromItem, { kind: 'join' }>, env: QueryEnv): FromResult {
  return joinTo(fromItem(item.left, env), item, env);
}

/** A join whose right side unnests a value of its left one. */
function joinUnnested(
  left: FromResult,
  u: Unnested,
  item: Extract<FromItem, { kind: 'join' }>,
  env: QueryEnv,
): FromResult {
  if (item.type === 'right' || item.type === 'full' || item.natural || item.using.length > 0)
    throw featureNotSupported(`a ${item.type} join of what it unnests is not supported`, at(item));
  const { on } = item;
  const conditionOver = (both: FromResult): BoundExpr | undefined => {
    if (on === undefined) return undefined;
    const bound = bindExpr(on, { env, scope: scopeOf(both, env), clause: 'JOIN/ON' });
    const condition = toBoolean(env.state, bound, 'argument of JOIN/ON', at(on));
    return isTrue(condition) ? undefined : condition;
  };
  if (item.type !== 'left') {
    const result = unnestOver(left, scopeOf(left, env), u, env, false);
    const condition = conditionOver(result);
    return condition === undefined ? result : { ...result, rel: { kind: 'filter', input: result.rel, condition } };
  }
  return unnestOver(left, scopeOf(left, env), u, env, true, (both) => {
    const condition = conditionOver(both);
    if (condition !== undefined && someExpr(condition, (e) => e.kind === 'subquery'))
      throw featureNotSupported('a subquery in the condition of a left join of what it unnests', at(on!));
    return condition;
  });
}

function joinTo(left: FromResult, item: Extract<FromItem, { kind: 'join' }>, env: QueryEnv): FromResult {
  const u = unnested(item.right, scopeOf(left, env), env);
  if (u !== undefined) {
    const result = joinUnnested(left, u, item, env);
    checkAliases(result.tables, at(item));
    return result;
  }
  const right = fromItem(item.right, env);
  checkAliases([...left.tables, ...right.tables], at(item));
  let result: FromResult;
  if (item.natural || item.using.length > 0) {
    result = joinUsing(item, sharedNames(item, left, right), left, right, env);
  } else {
    const tables = [...left.tables, ...right.tables];
    const columns = [...left.columns, ...right.columns];
    const placeholder: FromResult = { rel: left.rel, tables, columns };
    const on =
      item.on === undefined
        ? undefined
        : toBoolean(
            env.state,
            bindExpr(item.on, { env, scope: scopeOf(placeholder, env), clause: 'JOIN/ON' }),
            'argument of JOIN/ON',
            at(item.on),
          );
    const type = on === undefined ? 'cross' : item.type;
    checkOuterJoin(item, on);
    result = { rel: { kind: 'join', type, left: left.rel, right: right.rel, on }, tables, columns };
  }
  if (item.alias === undefined) return result;
  recorderOf(env.state)?.fixed();
  return { ...result, tables: [{ alias: item.alias, columns: result.columns }] };
}

/** SUPER values join inner and left only, as in Redshift. */
function checkOuterJoin(
  item: Extract<FromItem, { kind: 'join' }>,
  ...conditions: readonly (BoundExpr | undefined)[]
): void {
  if (item.type !== 'right' && item.type !== 'full') return;
  if (conditions.some((c) => c !== undefined && someExpr(c, isSuper)))
    throw featureNotSupported(`a SUPER value in a ${item.type} join is not supported`, at(item));
}

/** Two items of one name cannot be told apart. */
export function checkAliases(tables: readonly ScopeTable[], position: number): void {
  const seen = new Set<string>();
  for (const t of tables) {
    const key = `${t.schema ?? ''}.${t.alias}`;
    if (seen.has(key) && t.alias !== 'unnamed_subquery') throw duplicateAlias(t.alias, position);
    seen.add(key);
  }
}

/** PIVOT: a grouped query over its input, whose analysis it is given. */
function fromPivot(item: Pivot, env: QueryEnv): FromResult {
  recorderOf(env.state)?.fixed();
  const input = fromItem(item.input, env);
  if (input.rel.kind === 'subquery' && input.rel.input.kind === 'recursive')
    throw featureNotSupported('PIVOT is not supported over a recursive CTE', at(item));
  const alias = item.alias ?? 'unnamed_subquery';
  const q = analyseSelect(pivotSelect(item, input, env), [], env, false, input);
  return named({ kind: 'subquery', input: q.rel, alias }, q.columns, alias, item.columnAliases, at(item));
}

function fromUnpivot(item: Unpivot, env: QueryEnv): FromResult {
  recorderOf(env.state)?.fixed();
  const { rel, columns } = unpivot(item, fromItem(item.input, env), env);
  return named(rel, columns, item.alias ?? 'unnamed_subquery', item.columnAliases, at(item));
}

export function fromItem(item: FromItem, env: QueryEnv): FromResult {
  switch (item.kind) {
    case 'pivot':
      return fromPivot(item, env);
    case 'unpivot':
      return fromUnpivot(item, env);
    case 'table':
      return fromTable(item, env);
    case 'derived':
      return fromDerived(item, env);
    case 'function':
      return fromFunction(item, env);
    case 'join':
      return fromJoin(item, env);
  }
}

/** Parts of a FROM clause as one: comma means cross join. */
function together(parts: readonly FromResult[]): FromResult {
  if (parts.length === 1) return parts[0]!;
  const rel = parts
    .map((p) => p.rel)
    .reduce((left, right): Rel => ({ kind: 'join', type: 'cross', left, right, on: undefined }));
  return { rel, tables: parts.flatMap((p) => p.tables), columns: parts.flatMap((p) => p.columns) };
}

/** Whether an item, or the first of a join, looks as if it unnested a value of those before it or of the outer query. */
function mayUnnest(item: FromItem, before: readonly FromResult[], { parent }: QueryEnv): boolean {
  let first = item;
  while (first.kind === 'join') first = first.left;
  if (first.kind === 'function') return true;
  if (first.kind !== 'table') return false;
  const { database, schema, name } = first.name;
  const parts = [database, schema, name].filter((p): p is string => p !== undefined);
  return [...before, parent].some((p) => mayName(p, parts));
}

/** An item behind those before it, of whose values it may unnest one; so may the first item of a join. */
function besides(before: FromResult, item: FromItem, env: QueryEnv): FromResult {
  const scope = scopeOf(before, env);
  const u = unnested(item, scope, env);
  if (u !== undefined) return unnestOver(before, scope, u, env, false);
  let first = item;
  while (first.kind === 'join') first = first.left;
  if (item.kind === 'join' && unnested(first, scope, env) !== undefined)
    return joinTo(besides(before, item.left, env), item, env);
  const own = fromItem(item, env);
  return before.tables.length === 0 ? own : together([before, own]);
}

/** All items of a FROM clause: comma means cross join. No item gives one empty row. */
export function analyseFrom(items: readonly FromItem[], env: QueryEnv): FromResult {
  if (items.length === 0) return emptyFrom();
  let parts: FromResult[] = [];
  for (const item of items) {
    if (mayUnnest(item, parts, env)) parts = [besides(parts.length === 0 ? emptyFrom() : together(parts), item, env)];
    else parts.push(fromItem(item, env));
  }
  const all = together(parts);
  checkAliases(all.tables, at(items[0]!));
  return all;
}
