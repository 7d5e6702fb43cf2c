/**
 * One SELECT with the ORDER BY that belongs to it: FROM, WHERE, select list, grouping, HAVING, DISTINCT, sort. The output
 * is a chain filter - aggregate - filter - project - distinct - sort; sort keys outside the select list ride along as
 * hidden columns and are projected away at the end (by query.ts, behind LIMIT).
 */
import {
  ambiguousOrderBy,
  distinctOrderBy,
  featureNotSupported,
  missingFromEntry,
  nonIntegerConstant,
  positionNotInSelectList,
  qualifyWithoutWindow,
  targetListTooLong,
  unknownColumn,
} from '../../common/errors/catalogue.ts';
import type { ColId } from '../../common/ids.ts';
import { TARGET_LIST_MAX } from '../../common/limits.ts';
import type { BoundAggregate, BoundExpr } from '../../expressions/bound.ts';
import type { ColumnRef, Rel } from '../../expressions/relation.ts';
import { exprKey, likenessKey, someExpr, substitute } from '../../expressions/walk.ts';
import type { Expr, OrderItem, SelectCore, SelectItem } from '../parser/ast.ts';
import { settle, toBoolean } from './coerce.ts';
import { requireOrder } from './type-rules.ts';
import { at, newColumn, recorderOf, type QueryEnv } from './context.ts';
import type { NameRecorder } from './name-recorder.ts';
import { bindExpr, type AggregateCollector, type AliasScope, type ExprContext } from './expression.ts';
import { hierarchy } from './connect-by.ts';
import { analyseFrom, scopeOf, type FromResult } from './from.ts';
import { readColumn } from './privileges.ts';
import { Regrouping } from './grouping.ts';
import { GroupingValues, expandSets, groupingSets, isGrouping, type Group, type Sets } from './grouping-sets.ts';
import { defaultLabel } from './labels.ts';
import { outerJoined } from './outer-operator.ts';
import { rowsFromList } from './rows-in-list.ts';
import { findTable, type Scope, type ScopeColumn } from './scope.ts';
import { sortKey, windowsOver, type WindowCollector } from './windows.ts';

export interface SelectResult {
  readonly rel: Rel;
  /** Visible columns; the relation may have hidden ones behind them. */
  readonly columns: readonly ColumnRef[];
  readonly hasHidden: boolean;
}

/** One output column before binding (star expanded). */
interface Target {
  readonly name: string;
  readonly ast?: Expr;
  readonly column?: ColumnRef;
  readonly pos: number;
}

function expandStar(
  item: SelectItem,
  star: Extract<Expr, { kind: 'star' }>,
  scope: Scope,
  recorder?: NameRecorder,
): readonly Target[] {
  let columns: readonly ScopeColumn[];
  if (star.parts.length === 0) {
    if (scope.tables.length === 0)
      throw featureNotSupported('SELECT * with no tables specified is not valid', at(star));
    columns = scope.columns;
  } else {
    const { table, depth } = findTable(scope, star.parts, at(star));
    if (depth > 0) throw missingFromEntry(star.parts[star.parts.length - 1]!, at(star));
    columns = table.columns;
  }
  for (const name of star.exclude) {
    if (!columns.some((c) => c.name === name)) throw unknownColumn(name, at(star));
  }
  const kept = columns.filter((c) => !star.exclude.includes(c.name));
  recorder?.star(
    star,
    scope,
    kept.map((c) => c.column),
  );
  return kept.map((c) => ({ name: c.name, column: c.column, pos: item.pos }));
}

function targetsOf(core: SelectCore, scope: Scope, env: QueryEnv): readonly Target[] {
  const targets = core.items.flatMap((item): readonly Target[] => {
    if (item.expr.kind === 'star') return expandStar(item, item.expr, scope, recorderOf(env.state));
    return [{ name: item.alias ?? defaultLabel(item.expr, env.state.context), ast: item.expr, pos: item.expr.pos }];
  });
  if (targets.length > TARGET_LIST_MAX) throw targetListTooLong(String(TARGET_LIST_MAX), at(core));
  return targets;
}

function addAlias(byName: Map<string, Expr>, { alias, expr }: SelectItem): void {
  if (alias !== undefined && !byName.has(alias)) byName.set(alias, expr);
}
/** Aliases given with AS. */
function aliasesOf(core: SelectCore): AliasScope {
  const byName = new Map<string, Expr>();
  for (const item of core.items) addAlias(byName, item);
  return { lookup: (name) => byName.get(name) };
}

/** Everything bound, before the aggregation is put in. */
interface Parts {
  readonly core: SelectCore;
  readonly env: QueryEnv;
  readonly from: FromResult;
  readonly scope: Scope;
  readonly targets: readonly Target[];
  readonly exprs: BoundExpr[];
  readonly collector: AggregateCollector;
  readonly windows: WindowCollector;
}

function bindTargets(
  core: SelectCore,
  targets: readonly Target[],
  base: ExprContext,
  keepUnknown: boolean,
): BoundExpr[] {
  // An item sees the aliases of those before it; targets come in the items' order.
  const byName = new Map<string, Expr>();
  let seen = 0;
  const passUpTo = (ast: Expr): void => {
    for (let item = core.items[seen]; item !== undefined && item.expr !== ast; item = core.items[++seen])
      addAlias(byName, item);
  };
  const context = { ...base, aliases: { lookup: (name: string) => byName.get(name) } };
  return targets.map((t) => {
    if (t.column !== undefined) return { kind: 'column', type: readColumn(t.column).type, id: t.column.id };
    passUpTo(t.ast!);
    // Redshift's compute nodes give IS TRUE and its like to conditions only.
    if (t.ast!.kind === 'istest' && base.env.state.usage.readsUserTable)
      throw featureNotSupported('Not implemented', at(t.ast!));
    const bound = bindExpr(t.ast!, context);
    return keepUnknown ? bound : settle(base.env.state, bound);
  });
}

/** An ordinal of GROUP BY or ORDER BY as an index, undefined when the item is something else. */
function ordinal(e: Expr, count: number, clause: string): number | undefined {
  if (e.kind === 'number' && /^\d+$/.test(e.text)) {
    const n = Number(e.text);
    if (n < 1 || n > count) throw positionNotInSelectList(clause, e.text, at(e));
    return n - 1;
  }
  if (e.kind === 'number' || e.kind === 'literal') throw nonIntegerConstant(clause, at(e));
  return undefined;
}

/** What a query is grouped by, and the sets of it, by index. */
interface Grouping {
  readonly groups: readonly Group[];
  readonly sets: Sets;
}

function bindGroups(p: Parts): Grouping {
  const { core, env, scope } = p;
  const groups = new Map<string, Group>();
  const indexes = new Map<string, number>();
  const context: ExprContext = { env, scope, clause: 'GROUP BY', aliases: aliasesOf(core) };
  const add = (expr: BoundExpr, label: () => string, written: boolean): number => {
    const key = exprKey(expr);
    const known = indexes.get(key);
    if (known !== undefined) return known;
    const source = expr.kind === 'column' ? columnOf(p.from, expr.id) : undefined;
    const column = newColumn(env.state, source?.name ?? label(), expr.type, source?.column.origin);
    groups.set(key, { expr, written, column });
    indexes.set(key, indexes.size);
    return indexes.size - 1;
  };
  const bind = (g: Expr, inSet: boolean): number => {
    const index = ordinal(g, p.targets.length, 'GROUP BY');
    let expr: BoundExpr;
    if (index === undefined) expr = settle(env.state, bindExpr(g, context));
    else if (p.targets[index]!.ast === undefined) expr = p.exprs[index]!;
    else expr = settle(env.state, bindExpr(p.targets[index]!.ast!, context));
    requireOrder(expr.type, at(g));
    if (inSet && !someExpr(expr, (x) => x.kind === 'column' || x.kind === 'outer'))
      throw featureNotSupported('constants in GROUPING SETS, ROLLUP and CUBE are not supported', at(g));
    const label = (): string => (index === undefined ? defaultLabel(g, env.state.context) : p.targets[index]!.name);
    return add(expr, label, index === undefined && g.kind !== 'name');
  };
  const sets = core.groupBy === 'all' ? [groupAll(p, add)] : groupingSets(core.groupBy, bind);
  return { groups: [...groups.values()], sets };
}

/** GROUP BY ALL: every item of the select list without an aggregate or a window. */
function groupAll(
  p: Parts,
  add: (expr: BoundExpr, label: () => string, written: boolean) => number,
): readonly number[] {
  const made = new Set([...p.collector.byKey.values()].map((a) => a.id));
  const isMade = (e: BoundExpr): boolean => isGrouping(e) || (e.kind === 'column' && made.has(e.id));
  return p.exprs.flatMap((e, i) => {
    const target = p.targets[i]!;
    if (e.kind === 'const' || someExpr(e, isMade) || (target.ast !== undefined && hasWindow(target.ast))) return [];
    const settled = settle(p.env.state, e);
    requireOrder(settled.type, target.pos + 1);
    p.exprs[i] = settled;
    return [add(settled, () => target.name, target.ast !== undefined && target.ast.kind !== 'name')];
  });
}
const hasWindow = (node: unknown): boolean =>
  typeof node === 'object' &&
  node !== null &&
  ((node as Partial<Extract<Expr, { kind: 'call' }>>).over !== undefined || Object.values(node).some(hasWindow));

const byId = new WeakMap<FromResult, ReadonlyMap<ColId, ScopeColumn>>();

function columnOf(from: FromResult, id: ColId): ScopeColumn | undefined {
  let known = byId.get(from);
  if (known === undefined) {
    // What the whole clause shows goes before what its tables have; the first of several counts.
    const columns = [...from.columns, ...from.tables.flatMap((t) => t.columns)];
    known = new Map(columns.reverse().map((c) => [c.column.id, c]));
    byId.set(from, known);
  }
  return known.get(id);
}

/** ORDER BY items as indexes into the (growing) list of output expressions. */
interface BoundOrder {
  readonly index: number;
  readonly item: OrderItem;
}

function bindOrder(orderBy: readonly OrderItem[], p: Parts): readonly BoundOrder[] {
  const visible = p.targets.length;
  const context: ExprContext = {
    env: p.env,
    scope: p.scope,
    clause: 'ORDER BY',
    aggregates: p.collector,
    windows: p.windows,
    aliases: aliasesOf(p.core),
  };
  const places = new Map<string, number>();
  const remember = (e: BoundExpr, index: number): void => {
    const key = likenessKey(e);
    if (!places.has(key)) places.set(key, index);
  };
  return orderBy.map((item) => {
    const position = ordinal(item.expr, visible, 'ORDER BY');
    if (position !== undefined) return { index: position, item };
    if (item.expr.kind === 'name' && item.expr.parts.length === 1) {
      const index = outputByName(item.expr.parts[0]!, p, at(item.expr));
      if (index !== undefined) return { index, item };
    }
    const expr = settle(p.env.state, bindExpr(item.expr, context));
    // ORDER BY random() sorts by a random() of the list, as any other expression that stands there does.
    if (places.size === 0) p.exprs.forEach(remember);
    let index = places.get(likenessKey(expr));
    if (index === undefined) {
      index = p.exprs.push(expr) - 1;
      remember(expr, index);
    }
    if (index >= visible && p.core.distinct) throw distinctOrderBy(at(item.expr));
    return { index, item };
  });
}

function outputByName(name: string, p: Parts, position: number): number | undefined {
  const hits = p.targets.flatMap((t, i) => (t.name === name ? [i] : []));
  if (hits.length === 0) return undefined;
  const keys = new Set(hits.map((i) => exprKey(p.exprs[i])));
  if (keys.size > 1) throw ambiguousOrderBy('ORDER BY', name, position);
  return hits[0];
}

/** Puts the aggregation under the bound expressions; returns the relation and rewrites exprs in place. */
function aggregateUnder(
  p: Parts,
  input: Rel,
  having: BoundExpr | undefined,
  { groups, sets }: Grouping,
): { readonly rel: Rel; readonly regroup: Regroup } {
  const aggregates = [...p.collector.byKey.values()];
  const ids = new Set(aggregates.map((a) => a.id));
  const nameOf = (id: ColId): string | undefined => {
    const table = p.from.tables.find((t) => t.columns.some((c) => c.column.id === id));
    const name = (table?.columns ?? p.from.columns).find((c) => c.column.id === id)?.name;
    return name === undefined ? undefined : table === undefined ? name : `${table.alias}.${name}`;
  };
  const expansion = sets.length > 1 ? expandSets(p.env.state, input, groups, sets) : undefined;
  const values = new GroupingValues(groups, sets, expansion?.number);
  const regrouping = new Regrouping(groups, ids, nameOf, values);
  p.exprs.forEach((e, i) => {
    const target = p.targets[i];
    p.exprs[i] = regrouping.regroup(e, target === undefined ? undefined : target.pos + 1);
  });
  const named = aggregates.map((a): BoundAggregate & { columnName: string } => ({ ...a, columnName: a.name }));
  const rel: Rel = {
    kind: 'aggregate',
    input: expansion?.rel ?? input,
    groups: expansion?.groups ?? groups,
    aggregates: named,
  };
  const regroup: Regroup = (e, position) => regrouping.regroup(e, position);
  if (having === undefined) return { rel, regroup };
  return { rel: { kind: 'filter', input: rel, condition: regroup(having, at(p.core.having!)) }, regroup };
}
/** An expression over the aggregation's columns. */
type Regroup = (e: BoundExpr, position: number) => BoundExpr;

/** Puts the window functions under the bound expressions, which are rewritten in place, and QUALIFY above them. */
function windowsUnder(p: Parts, input: Rel, qualify: BoundExpr | undefined, regroup: Regroup): Rel {
  const { core, env } = p;
  if (qualify !== undefined && p.windows.byKey.size === 0) throw qualifyWithoutWindow(at(core.qualify!));
  if (p.windows.byKey.size === 0) return input;
  const calls = [...p.windows.byKey.values()].map((w) => {
    const again = (e: BoundExpr): BoundExpr => regroup(e, w.position);
    const order = w.order.map((k) => ({ ...k, expr: again(k.expr) }));
    return { ...w, args: w.args.map(again), partition: w.partition.map(again), order };
  });
  const { rel, values } = windowsOver(input, calls, () => env.state.context.nextColId());
  p.exprs.forEach((e, i) => (p.exprs[i] = substitute(e, values)));
  if (qualify === undefined) return rel;
  return { kind: 'filter', input: rel, condition: substitute(regroup(qualify, at(core.qualify!)), values) };
}

function outputColumns(p: Parts, groups: readonly Group[]): readonly ColumnRef[] {
  const grouped = new Map(groups.map((g) => [g.column.id, g.column]));
  return p.exprs.map((e, i) => {
    const source = e.kind === 'column' ? (columnOf(p.from, e.id)?.column ?? grouped.get(e.id)) : undefined;
    return newColumn(p.env.state, p.targets[i]?.name ?? UNNAMED, e.type, source?.origin);
  });
}
const UNNAMED = '?column?';

const bindQualify = (e: Expr, c: ExprContext): BoundExpr =>
  toBoolean(c.env.state, bindExpr(e, c), 'argument of QUALIFY', at(e));

export function analyseSelect(
  written: SelectCore,
  orderBy: readonly OrderItem[],
  env: QueryEnv,
  keepUnknown: boolean,
  /** What its FROM is, when that is analysed already. */
  given?: FromResult,
): SelectResult {
  const { state } = env;
  const core = rowsFromList(written);
  const tree = core.connectBy && hierarchy(core.connectBy, core.from, env);
  const all = given ?? tree?.from ?? analyseFrom(core.from, env);
  const scope = { ...scopeOf(all, env), ...(tree === undefined ? {} : { pseudo: [tree.level] }) };
  const bindWhere = (e: Expr): BoundExpr => {
    const context: ExprContext = { env, scope, clause: 'WHERE', aliases: aliasesOf(core) };
    return toBoolean(state, bindExpr(e, context), 'argument of WHERE', at(e));
  };
  const { from, where } = outerJoined(core, all, scope, bindWhere);
  const collector: AggregateCollector = { byKey: new Map(), hasGrouping: false };
  const windows: WindowCollector = { byKey: new Map() };
  let rel = from.rel;
  if (where !== undefined) rel = { kind: 'filter', input: rel, condition: bindWhere(where) };
  const base: ExprContext = { env, scope, clause: 'SELECT', aggregates: collector, windows };
  const targets = targetsOf(core, scope, env);
  const exprs = bindTargets(core, targets, base, keepUnknown && core.groupBy.length === 0);
  const p: Parts = { core, env, from, scope, targets, exprs, collector, windows };
  const grouping = bindGroups(p);
  const havingContext: ExprContext = { env, scope, clause: 'HAVING', aggregates: collector };
  const having =
    core.having === undefined
      ? undefined
      : toBoolean(state, bindExpr(core.having, havingContext), 'argument of HAVING', at(core.having));
  const qualify = core.qualify && bindQualify(core.qualify, { ...base, clause: 'QUALIFY', aliases: aliasesOf(core) });
  const order = bindOrder(orderBy, p);
  const { hasGrouping, byKey } = collector;
  const grouped = core.groupBy.length > 0 || having !== undefined || byKey.size > 0 || hasGrouping;
  let regroup: Regroup = (e) => e;
  if (grouped) ({ rel, regroup } = aggregateUnder(p, rel, having, grouping));
  rel = windowsUnder(p, rel, qualify, regroup);
  if (core.distinct) p.exprs.forEach((e, i) => (p.exprs[i] = settle(state, e)));
  if (core.distinct) p.exprs.forEach((e) => requireOrder(e.type));
  const columns = outputColumns(p, grouping.groups);
  rel = { kind: 'project', input: rel, columns, exprs: p.exprs };
  if (core.distinct) rel = { kind: 'distinct', input: rel };
  if (order.length > 0) {
    const keys = order.map(({ index, item }) => {
      const c = columns[index]!;
      requireOrder(c.type, at(item.expr));
      return sortKey({ kind: 'column', type: c.type, id: c.id }, item);
    });
    rel = { kind: 'sort', input: rel, keys };
  }
  return { rel, columns: columns.slice(0, targets.length), hasHidden: columns.length > targets.length };
}
