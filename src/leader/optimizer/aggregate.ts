/**
 * Aggregates and DISTINCT. SQL aggregates are lowered to primitives by the registry; their final expressions become a
 * projection above. Where a group's rows already stand together one 'complete' phase does; otherwise slices aggregate
 * what they have ('partial'), partial rows move by the group's hash (or to one place), and 'final' merges them.
 *
 * DISTINCT arguments: one argument list is first made distinct by an aggregate of its own; several lists need all rows
 * of a group together, and the complete phase drops duplicates per aggregate.
 */
import type { Steps as PlanSteps } from '../../common/steps.ts';
import type { ColId } from '../../common/ids.ts';
import {
  ownArgs,
  type BoundAggregate,
  type BoundExpr,
  type BoundWindow,
  type WindowFrame,
} from '../../expressions/bound.ts';
import type { ColumnRef, Rel, SortKey } from '../../expressions/relation.ts';
import { stateType } from '../../functions/aggregate-lowering.ts';
import type { GroupPlace, PrimitiveAggregate } from '../../functions/define.ts';
import { children, compare, isVolatile } from '../../expressions/walk.ts';
import { INT8, physOf } from '../../types/sql-type.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type { PlanAggregate, PlanNode } from '../plan/plan.ts';
import type { Needed, Planner } from './context.ts';
import { groupsTogether } from './groups-together.ts';
import { lower, partialsOf, simplified, type Primitive } from './lowering.ts';
import { windowNode } from './window.ts';
import { aggregateCost, uniqueCost } from './cost.ts';
import { bareColumn, columnExpr, columnsOfAll, exprKey, substitute } from './expression.ts';
import { evaluatedOnce, exchangeNode, projectNode, prune, readOnce, sortNode } from './nodes.ts';
import { exprProfile, groupCount, widthOf } from './statistics.ts';
import { takesLists } from './value-lists.ts';

type AggregateRel = Extract<Rel, { kind: 'aggregate' }>;
export interface Group {
  readonly column: ColumnRef;
  readonly expr: BoundExpr;
}
/**
 * The rows' order shows in these (in the last digits of a floating-point sum), and each node's copy of an ALL table has an
 * order of its own: they are computed from one copy.
 */
const BY_ORDER: ReadonlySet<PrimitiveAggregate> = new Set(['any', 'sum_f64', 'sum_super', 'concat', 'moments']);
/** Rows of a group from which on slices gather lists of their own first. */
const ROWS_PER_LIST_MIN = 64;
/** More groups than this per slice: move rows by the group alone, so that they move once. */
const GROUPS_PER_SLICE = 8;

interface Phase {
  readonly phase: 'partial' | 'final' | 'complete';
  readonly groups: readonly Group[];
  readonly aggregates: readonly PlanAggregate[];
  readonly rows: number;
  readonly unique?: boolean;
  /** The input is sorted by the groups. */
  readonly sorted?: boolean;
  readonly calls?: readonly BoundAggregate[];
}

function aggregateNode(planner: Planner, input: PlanNode, p: Phase): PlanNode {
  const results = p.aggregates.map((a): ColumnRef => ({ id: a.id, name: a.prim, type: a.type }));
  const columns: ColumnRef[] = [...p.groups.map((g) => g.column), ...results];
  for (const g of p.groups) {
    const known = exprProfile(g.expr, planner.profiles);
    planner.profiles.set(g.column.id, { ...known, distinct: Math.min(known.distinct ?? p.rows, p.rows) });
    const under = bareColumn(g.expr);
    if (under !== undefined) planner.equal.join(g.column.id, under.id);
  }
  for (const a of p.phase === 'final' ? [] : p.aggregates) {
    // Redshift prints an aggregate as wide as its argument.
    const width = a.arg === undefined ? 0 : exprProfile(a.arg, planner.profiles).width;
    planner.profiles.set(a.id, { distinct: undefined, nullFraction: undefined, width });
  }
  const cost =
    p.phase === 'final'
      ? { startupCost: input.startupCost, totalCost: input.totalCost }
      : p.unique === true
        ? uniqueCost(input, p.groups.length)
        : aggregateCost(input, p.groups.length, p.calls?.length ?? p.aggregates.length, p.rows);
  const slices = planner.context.topology.sliceCount;
  return {
    kind: 'aggregate',
    input,
    phase: p.phase,
    columns,
    aggregates: p.aggregates,
    groups: p.groups.map((g) => ({ id: g.column.id, expr: g.expr })),
    strategy: p.groups.length === 0 ? 'plain' : p.sorted === true ? 'sorted' : 'hash',
    ...(p.calls === undefined ? {} : { calls: p.calls }),
    ...(p.unique === true ? { unique: true } : {}),
    rows: p.phase === 'partial' ? Math.min(Math.max(1, input.rows), p.rows * slices) : p.rows,
    width: widthOf(columns, planner.profiles),
    ...cost,
    distribution: input.distribution,
  };
}

const asOwnGroups = (groups: readonly Group[]): Group[] =>
  groups.map((g) => ({ column: g.column, expr: columnExpr(g.column) }));

interface Steps {
  readonly groups: readonly Group[];
  readonly primitives: readonly Primitive[];
  readonly rows: number;
  readonly top: boolean;
  readonly unique?: boolean;
  readonly calls?: readonly BoundAggregate[];
  /** Columns the partial rows are distributed on; all groups unless said otherwise. */
  readonly hashOn?: readonly Group[];
}

/** Aggregates by primitives that can be merged: complete, or partial, exchange, final. */
export function inPhases(planner: Planner, input: PlanNode, s: Steps): PlanNode {
  const extra = { rows: s.rows, unique: s.unique, calls: s.calls };
  const calls = s.primitives.map((p) => p.call);
  if (groupsTogether(planner, input, s.groups)) {
    return aggregateNode(planner, input, { phase: 'complete', groups: s.groups, aggregates: calls, ...extra });
  }
  const partial = aggregateNode(planner, input, { phase: 'partial', groups: s.groups, aggregates: calls, ...extra });
  const sent =
    s.groups.length === 0
      ? exchangeNode(planner, partial, s.top ? 'leader' : 'single')
      : exchangeNode(
          planner,
          partial,
          'hash',
          (s.hashOn ?? s.groups).map((g) => columnExpr(g.column)),
        );
  const finals = s.primitives.map(({ call, merge }): PlanAggregate => ({
    id: call.id,
    prim: merge,
    arg: { ...columnExpr(call), type: stateType(call.prim, call.type) },
    type: call.type,
    distinct: false,
  }));
  return aggregateNode(planner, sent, {
    phase: 'final',
    groups: asOwnGroups(s.groups),
    aggregates: finals,
    ...extra,
  });
}

/** What WITHIN GROUP orders the rows by; all calls that have one have the same. */
function orderOf(calls: readonly BoundAggregate[]): readonly SortKey[] {
  const call = calls.find((c) => c.order !== undefined);
  if (call === undefined) return [];
  const own = ownArgs(call).length;
  return call.order!.map((direction, i) => ({ ...direction, expr: call.args[own + i]! }));
}

/** Group keys and what rows are ordered by as columns: they are used more than once. */
function named(
  planner: Planner,
  input: PlanNode,
  exprs: readonly BoundExpr[],
): { readonly node: PlanNode; readonly exprs: readonly BoundExpr[] } {
  const made = exprs.map((expr): Group => ({
    column: { id: bareColumn(expr)?.id ?? planner.context.nextColId(), name: 'key', type: expr.type },
    expr,
  }));
  const extra = made.filter(({ expr }) => bareColumn(expr) === undefined);
  if (extra.length === 0) return { node: input, exprs };
  const columns = [...input.columns, ...extra.map((m) => m.column)];
  const node = projectNode(planner, input, columns, [...input.columns.map(columnExpr), ...extra.map((m) => m.expr)]);
  return { node, exprs: made.map((m) => columnExpr(m.column)) };
}

/** The places that percentiles ask for, as columns of a window over the groups. */
interface Places extends GroupPlace {
  readonly calls: readonly BoundWindow[];
}
const WHOLE_GROUP: WindowFrame = { start: { kind: 'unbounded' }, end: { kind: 'unbounded' } };

/** All calls that ask for places have one order, and so one value. */
function placesOf(planner: Planner, calls: readonly BoundAggregate[]): Places | undefined {
  const call = calls.find(({ name }) => asksPlace(planner, name));
  if (call === undefined) return undefined;
  const value = call.args[call.args.length - 1]!;
  const part = { type: INT8, columnName: call.name, orderLength: 1 };
  const counted: BoundWindow = {
    ...part,
    id: planner.context.nextColId(),
    kind: 'aggregate',
    prim: 'count',
    arg: value,
    frame: WHOLE_GROUP,
  };
  const row = rowNumber(planner, call);
  if (call.order![0]!.nullsFirst !== true)
    return { row: columnExpr(row), rows: columnExpr(counted), calls: [row, counted] };
  const all: BoundWindow = { ...row, id: planner.context.nextColId(), kind: 'position', position: 'partition_rows' };
  const less = (left: BoundExpr, right: BoundExpr): BoundExpr => ({
    kind: 'arith',
    type: INT8,
    op: '-',
    left,
    right,
  });
  const nulls = less(columnExpr(all), columnExpr(counted));
  return { row: less(columnExpr(row), nulls), rows: columnExpr(counted), calls: [row, counted, all] };
}
const asksPlace = (planner: Planner, name: string): boolean => {
  const how = planner.context.aggregateFunction(name).withinGroup;
  return how === 'required' || how === 'own';
};

/** What puts the rows of a group in order: a sort, or a window that also numbers them. */
interface Ordering {
  readonly groups: number;
  readonly keys: readonly SortKey[];
  readonly places: Places | undefined;
  readonly firsts: readonly First[];
}
function orderedNode(planner: Planner, input: PlanNode, { groups, keys, places, firsts }: Ordering): PlanNode {
  const partition = keys.slice(0, groups).map((k) => k.expr);
  const order = keys.slice(groups);
  let at = input;
  for (const { value, row } of firsts)
    at = windowNode(planner, at, { partition: [...partition, value], order, calls: [row] });
  if (places === undefined) return sortNode(at, keys, undefined);
  return windowNode(planner, at, { partition, order, calls: places.calls });
}

/** Aggregates that take a group's rows in an order: rows move, are sorted by group and order, and taken as they come. */
function inOrder(
  planner: Planner,
  input: PlanNode,
  s: Steps,
  order: readonly SortKey[],
  used: Needed,
  how: Pick<Ordering, 'places' | 'firsts'> = { places: undefined, firsts: [] },
): PlanNode {
  const asked = [...s.groups.map((g) => g.expr), ...order.map((k) => k.expr)];
  const { node, exprs } = named(planner, prune(planner, input, used), asked);
  const groups = s.groups.map((g, i) => ({ ...g, expr: exprs[i]! }));
  const keys = [
    ...groups.map(({ expr }): SortKey => ({ expr, descending: false, nullsFirst: false })),
    ...order.map((k, i): SortKey => ({ ...k, expr: exprs[groups.length + i]! })),
  ];
  const ordering = { ...how, groups: groups.length, keys };
  return allRowsTogether(planner, node, { ...s, groups }, new Set(node.columns.map((c) => c.id)), ordering);
}

/** The value, which no row at all has even when it is a constant, and arguments that are not the same for all rows. */
const varying = ({ args }: BoundAggregate): readonly BoundExpr[] =>
  args.filter((e, i) => i === 0 || columnsOfAll([e]).size > 0);
const listKey = (call: BoundAggregate): string => [...new Set(varying(call).map(exprKey))].sort().join();

/** Equal values have equal places in the order. */
function orderFollowsValue(call: BoundAggregate): boolean {
  const own = ownArgs(call);
  const key = exprKey(own[0]);
  const follows = (e: BoundExpr): boolean =>
    exprKey(e) === key || (e.kind !== 'column' && children(e).every(follows) && !isVolatile(e));
  return call.args.slice(own.length).every(follows);
}
/** All DISTINCT lists are one list whose values say where they stand: it is made distinct before it is put in order. */
const isListInOrder = (calls: readonly BoundAggregate[]): boolean =>
  calls.every((c) => c.order === undefined || (c.distinct && orderFollowsValue(c)));

/** The first row of each value in the order: the only one whose value counts. */
interface First {
  readonly value: BoundExpr;
  readonly row: BoundWindow;
}
/** DISTINCT in an order: a value counts where it comes first. */
function withFirsts(
  planner: Planner,
  calls: readonly BoundAggregate[],
): { readonly calls: readonly BoundAggregate[]; readonly firsts: readonly First[] } {
  const firsts = new Map<string, First>();
  const counted = calls.map((call): BoundAggregate => {
    if (!call.distinct || call.order === undefined) return call;
    const [value, ...others] = call.args as readonly [BoundExpr, ...BoundExpr[]];
    const key = exprKey(value);
    const first = firsts.get(key) ?? { value, row: rowNumber(planner, call) };
    firsts.set(key, first);
    const isFirst = compare('=', columnExpr(first.row), { kind: 'const', type: INT8, value: 1n });
    const none: BoundExpr = { kind: 'const', type: value.type, value: null };
    const arg: BoundExpr = {
      kind: 'case',
      type: value.type,
      whens: [{ when: isFirst, then: value }],
      otherwise: none,
    };
    return { ...call, distinct: false, args: [arg, ...others] };
  });
  return { calls: counted, firsts: [...firsts.values()] };
}
const rowNumber = (planner: Planner, call: BoundAggregate): BoundWindow => ({
  id: planner.context.nextColId(),
  columnName: call.name,
  type: INT8,
  orderLength: call.order!.length,
  kind: 'position',
  position: 'row_number',
});

/** Aggregates that need all rows of a group at once: rows move first, and are put in order. */
function allRowsTogether(planner: Planner, input: PlanNode, s: Steps, used: Needed, ordering?: Ordering): PlanNode {
  let at = input;
  if (!groupsTogether(planner, input, s.groups)) {
    const slim = prune(planner, input, used);
    at =
      s.groups.length === 0
        ? exchangeNode(planner, slim, 'single')
        : exchangeNode(
            planner,
            slim,
            'hash',
            s.groups.map((g) => g.expr),
          );
  }
  const aggregates = s.primitives.map((p) => p.call);
  return aggregateNode(planner, ordering ? orderedNode(planner, at, ordering) : at, {
    phase: 'complete',
    sorted: ordering !== undefined,
    groups: s.groups,
    aggregates,
    rows: s.rows,
    calls: s.calls,
  });
}

/** One DISTINCT argument list: distinct (groups, arguments) first, carrying the other aggregates' partial results. */
function distinctFirst(
  planner: Planner,
  input: PlanNode,
  groups: readonly Group[],
  calls: readonly BoundAggregate[],
  rows: number,
  top: boolean,
): { readonly node: PlanNode; readonly results: readonly BoundExpr[] } {
  const argGroups = new Map(
    varying(calls.find((c) => c.distinct)!).map((expr): [string, Group] => [
      exprKey(expr),
      { column: { id: planner.context.nextColId(), name: 'distinct', type: expr.type }, expr },
    ]),
  );
  const others = lower(
    planner,
    calls.filter((c) => !c.distinct),
    false,
  );
  const first = [...groups, ...argGroups.values()];
  const pairs = groupCount(
    first.map((g) => g.expr),
    input.rows,
    planner.profiles,
  );
  const many = groups.length > 0 && rows >= GROUPS_PER_SLICE * planner.context.topology.sliceCount;
  const deduped = inPhases(planner, input, {
    groups: first,
    primitives: others.primitives,
    rows: pairs,
    top: false,
    ...(many ? { hashOn: groups } : {}),
  });
  const column = (expr: BoundExpr): BoundExpr => {
    const group = argGroups.get(exprKey(expr));
    return group === undefined ? expr : columnExpr(group.column);
  };
  const ownCalls = calls.filter((c) => c.distinct).map((c) => ({ ...c, args: c.args.map(column) }));
  const own = lower(planner, ownCalls, false);
  const carried = others.primitives.map(({ call, merge }): Primitive => ({
    call: { id: planner.context.nextColId(), prim: merge, arg: columnExpr(call), type: call.type, distinct: false },
    merge,
  }));
  const steps: Steps = {
    groups: asOwnGroups(groups),
    primitives: [...own.primitives, ...carried],
    rows,
    top,
    calls,
  };
  const order = orderOf(ownCalls);
  const node =
    order.length === 0
      ? inPhases(planner, deduped, steps)
      : inOrder(planner, deduped, steps, order, new Set(deduped.columns.map((c) => c.id)));
  const moved = new Map(others.primitives.map((p, i) => [p.call.id, carriedResult(p.call, carried[i]!.call)]));
  const results = new Map<ColId, BoundExpr>();
  calls.filter((c) => !c.distinct).forEach((c, i) => results.set(c.id, substitute(others.results[i]!, moved)));
  calls.filter((c) => c.distinct).forEach((c, i) => results.set(c.id, own.results[i]!));
  return { node, results: calls.map((c) => results.get(c.id)!) };
}

/** A carried primitive's value; a count of no rows at all is 0, though its sum over no groups is NULL. */
function carriedResult(original: PlanAggregate, carried: PlanAggregate): BoundExpr {
  const column = columnExpr(carried);
  if (original.prim !== 'count' && original.prim !== 'count_star') return column;
  const zero: BoundExpr = { kind: 'const', type: carried.type, value: physOf(carried.type) === 'i32' ? 0 : 0n };
  return { kind: 'coalesce', type: carried.type, args: [column, zero] };
}

export function* planAggregate(
  planner: Planner,
  rel: AggregateRel,
  needed: Needed,
  top: boolean,
): PlanSteps<PlanNode> {
  const wanted = rel.aggregates.filter((a) => needed.has(a.id));
  const calls = simplified(planner, wanted);
  const used = columnsOfAll([...rel.groups.map((g) => g.expr), ...calls.flatMap((c) => c.args)]);
  const exprs = [...rel.groups.map((g) => g.expr), ...rel.aggregates.flatMap((a) => a.args)];
  const planned = yield* planner.plan(rel.input, used, false);
  const input = rowsOnce(planner, planned, calls, exprs);
  const unique = rel.distinct === true && calls.length === 0;
  const made = aggregateCalls(planner, input, { groups: rel.groups, calls, top, used, unique });
  return outputOf(planner, rel, wanted, made);
}

/** The rows that calls and expressions may be computed from. */
export function rowsOnce(
  planner: Planner,
  planned: PlanNode,
  calls: readonly BoundAggregate[],
  exprs: readonly BoundExpr[],
): PlanNode {
  const byOrder = calls.some((c) => partialsOf(planner, c).some((p) => BY_ORDER.has(p.prim)));
  return byOrder ? readOnce(planner, planned) : evaluatedOnce(planner, planned, exprs);
}

/** Groups and the calls' results above them. */
export interface Aggregated {
  readonly node: PlanNode;
  readonly results: readonly BoundExpr[];
}
export interface Calls {
  readonly groups: readonly Group[];
  readonly calls: readonly BoundAggregate[];
  readonly top: boolean;
  /** Columns of the input that groups and calls read. */
  readonly used: Needed;
  /** The groups are the rows of a DISTINCT. */
  readonly unique?: boolean;
}

/** The columns of the aggregation that somebody wants. */
export function outputOf(
  planner: Planner,
  { groups }: AggregateRel,
  wanted: AggregateRel['aggregates'],
  { node, results }: Aggregated,
): PlanNode {
  const outputs = [
    ...groups.map((g) => g.column),
    ...wanted.map((a) => ({ id: a.id, name: a.columnName, type: a.type })),
  ];
  return projectNode(planner, node, outputs, [...groups.map((g) => columnExpr(g.column)), ...results]);
}

export function aggregateCalls(planner: Planner, input: PlanNode, asked: Calls): Aggregated {
  const { groups, calls, top, used, unique } = asked;
  const rows = groupCount(
    groups.map((g) => g.expr),
    input.rows,
    planner.profiles,
  );
  const lists = new Set(calls.filter((c) => c.distinct).map(listKey));
  const sketch = calls.some((c) => partialsOf(planner, c).some((p) => p.prim === 'approx_distinct'));
  const order = orderOf(calls);
  if (lists.size === 1 && !sketch && isListInOrder(calls))
    return distinctFirst(planner, input, groups, calls, rows, top);
  if (order.length > 0 && takesLists(planner, input, calls))
    return fromLists(planner, input, { groups, calls, top, used }, rows);
  const places = placesOf(planner, calls);
  const { calls: counted, firsts } = withFirsts(planner, calls);
  const { primitives, results } = lower(planner, counted, true, places);
  const steps: Steps = { groups, primitives, rows, top, calls, ...(unique === true ? { unique } : {}) };
  if (order.length > 0) return { node: inOrder(planner, input, steps, order, used, { places, firsts }), results };
  const node = lists.size > 0 ? allRowsTogether(planner, input, steps, used) : inPhases(planner, input, steps);
  return { node, results };
}

/** Groups with lists of values: each slice makes its own where a group has many rows. */
function fromLists(planner: Planner, input: PlanNode, { groups, calls, used }: Calls, rows: number): Aggregated {
  const { primitives, results } = lower(planner, calls, true, 'lists');
  const steps: Steps = { groups, primitives, rows, top: false, calls };
  const isOnce = calls.some((c) => c.distinct) || input.rows < ROWS_PER_LIST_MIN * rows;
  const node = isOnce ? allRowsTogether(planner, input, steps, used) : inPhases(planner, input, steps);
  return { node, results };
}

/**
 * Groups by way of finer ones: slices aggregate by `finest`, `between` makes of those rows what the calls' groups are made
 * of; it is given the columns that it has to pass on.
 */
export function aggregateByFinest(
  planner: Planner,
  input: PlanNode,
  finest: readonly Group[],
  { groups, calls, top }: Omit<Calls, 'used'>,
  between: (partial: PlanNode, states: Needed) => PlanNode,
): Aggregated {
  const count = (list: readonly Group[], rows: number): number =>
    groupCount(
      list.map((g) => g.expr),
      rows,
      planner.profiles,
    );
  const { primitives, results } = lower(planner, calls, false);
  const partial = aggregateNode(planner, input, {
    phase: 'partial',
    groups: finest,
    aggregates: primitives.map((p) => p.call),
    rows: count(finest, input.rows),
  });
  const at = between(partial, new Set(primitives.map((p) => p.call.id)));
  const merged = primitives.map(({ call, merge }): Primitive => ({
    call: { id: planner.context.nextColId(), prim: merge, arg: columnExpr(call), type: call.type, distinct: false },
    merge,
  }));
  const node = inPhases(planner, at, { groups, primitives: merged, rows: count(groups, at.rows), top, calls });
  const moved = new Map(primitives.map((p, i) => [p.call.id, carriedResult(p.call, merged[i]!.call)]));
  return { node, results: results.map((r) => substitute(r, moved)) };
}

/** DISTINCT over all columns of `input`; ids stay. */
export function distinctNode(planner: Planner, input: PlanNode): PlanNode {
  const groups = input.columns.map((column) => ({ column, expr: columnExpr(column) }));
  const rows = groupCount(
    groups.map((g) => g.expr),
    input.rows,
    planner.profiles,
  );
  if (groups.length === 0) {
    const one: { readonly name: string; readonly type: SqlType } = { name: 'distinct', type: { name: 'int4' } };
    const column = { id: planner.context.nextColId(), ...one };
    const marked = projectNode(planner, input, [column], [{ kind: 'const', type: column.type, value: 1 }]);
    return prune(planner, distinctNode(planner, marked), new Set());
  }
  return inPhases(planner, input, { groups, primitives: [], rows, top: false, unique: true });
}
