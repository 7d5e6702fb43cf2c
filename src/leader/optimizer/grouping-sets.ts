/**
 * GROUPING SETS: the rows are read once. Where the aggregates can be merged and the finest groups are far fewer than the
 * rows, each slice first aggregates by all columns of all sets and expands those groups; else it expands the rows. What
 * follows is an ordinary aggregation whose first group is the set's number. A set without columns has a group also where
 * there is no row: one row of NULLs for each is appended on its way into the aggregation.
 */
import { assert } from '../../common/assert.ts';
import type { Steps } from '../../common/steps.ts';
import { ownArgs, type BoundAggregate, type BoundExpr } from '../../expressions/bound.ts';
import type { ColumnRef, Rel } from '../../expressions/relation.ts';
import { isNull } from '../../expressions/walk.ts';
import { BOOL, INT4 } from '../../types/sql-type.ts';
import type { PlanNode } from '../plan/plan.ts';
import {
  aggregateByFinest,
  aggregateCalls,
  outputOf,
  rowsOnce,
  type Aggregated,
  type Calls,
  type Group,
} from './aggregate.ts';
import type { Needed, Planner } from './context.ts';
import { columnExpr, columnsOfAll } from './expression.ts';
import { mergesPartials, simplified } from './lowering.ts';
import { expandNode, projectNode, prune, valuesNode } from './nodes.ts';
import { append } from './set-operation.ts';
import { groupCount } from './statistics.ts';

type AggregateRel = Extract<Rel, { kind: 'aggregate' }>;
type ExpandRel = Extract<Rel, { kind: 'expand' }>;
/** Finest groups are made first where a slice has at least this many rows for each. */
const ROWS_PER_GROUP_MIN = 4;

const constant = (value: number | null): BoundExpr => ({ kind: 'const', type: INT4, value });

/** A key's value in the row's set. */
function keyInSet(key: BoundExpr, sets: readonly number[], { number, count }: ExpandRel): BoundExpr {
  if (sets.length === count) return key;
  const items = sets.map(constant);
  const when: BoundExpr = { kind: 'inlist', type: BOOL, arg: columnExpr(number), items, negated: false };
  const nothing: BoundExpr = { kind: 'const', type: key.type, value: null };
  return { kind: 'case', type: key.type, whens: [{ when, then: key }], otherwise: nothing };
}

/** `keys` are the keys' values over `input`. The node gives the input's columns that are `kept`, the number and the keys. */
function expanded(
  planner: Planner,
  input: PlanNode,
  rel: ExpandRel,
  keys: readonly BoundExpr[],
  kept: Needed,
): PlanNode {
  const copies = expandNode(planner, input, rel.number, rel.count);
  const passed = copies.columns.filter((c) => kept.has(c.id) || c.id === rel.number.id);
  const columns = [...passed, ...rel.keys.map((k) => k.column)];
  const exprs = rel.keys.map((k, i) => keyInSet(keys[i]!, k.sets, rel));
  const node = projectNode(planner, copies, columns, [...passed.map(columnExpr), ...exprs]);
  return rel.empty.length === 0 ? node : withEmptyGroups(planner, node, rel);
}

function withEmptyGroups(planner: Planner, node: PlanNode, rel: ExpandRel): PlanNode {
  const columns = node.columns.map((c): ColumnRef => ({ ...c, id: planner.context.nextColId() }));
  const rows = rel.empty.map((set) =>
    node.columns.map((c): BoundExpr =>
      c.id === rel.number.id ? constant(set) : { kind: 'const', type: c.type, value: null },
    ),
  );
  const both = append(planner, [node, valuesNode(planner, columns, rows)], node.columns);
  assert(both.kind === 'append', 'an append is one');
  return { ...both, rows: node.rows, width: node.width, totalCost: node.totalCost, emptyGroups: true };
}

/** Whether the expression is NULL where all columns are. */
function isNullOfNulls(e: BoundExpr): boolean {
  switch (e.kind) {
    case 'column':
      return true;
    case 'const':
      return e.value === null;
    case 'arith':
    case 'compare':
      return isNullOfNulls(e.left) || isNullOfNulls(e.right);
    case 'cast':
    case 'trycast':
    case 'neg':
    case 'not':
      return isNullOfNulls(e.arg);
    default:
      return false;
  }
}
/** The argument, but NULL in the rows that stand for empty groups; its outermost operation stays what it is. */
function ofRows(e: BoundExpr, present: ColumnRef): BoundExpr {
  if (isNullOfNulls(e)) return e;
  if (e.kind === 'arith') return { ...e, left: ofRows(e.left, present) };
  const nothing: BoundExpr = { kind: 'const', type: e.type, value: null };
  const when = isNull(columnExpr(present), true);
  return { kind: 'case', type: e.type, whens: [{ when, then: e }], otherwise: nothing };
}

/** Over the rows that stand for empty groups the values and what orders them are NULL; a percentile and a delimiter stay constants. */
function callOfRows(planner: Planner, call: BoundAggregate, present: ColumnRef): BoundAggregate {
  if (call.args.length === 0) return { ...call, args: [columnExpr(present)] };
  const values = planner.context.aggregateFunction(call.name).withinGroup === 'required' ? 0 : 1;
  const own = ownArgs(call).length;
  return { ...call, args: call.args.map((a, i) => (i < values || i >= own ? ofRows(a, present) : a)) };
}

export function* planGroupingSets(
  planner: Planner,
  rel: AggregateRel,
  expand: ExpandRel,
  needed: Needed,
  top: boolean,
): Steps<PlanNode> {
  const wanted = rel.aggregates.filter((a) => needed.has(a.id));
  const calls = simplified(planner, wanted);
  const keys = expand.keys.map((k) => k.expr);
  const args = calls.flatMap((c) => c.args);
  const used = columnsOfAll([...keys, ...args]);
  const planned = yield* planner.plan(expand.input, used, false);
  const input = rowsOnce(planner, planned, calls, [...keys, ...args]);
  const finest = groupCount(keys, input.rows, planner.profiles);
  const isCut = mergesPartials(planner, calls) && input.rows >= ROWS_PER_GROUP_MIN * finest;
  const groups = { groups: rel.groups, calls, top };
  const aggregated = isCut
    ? byFinestGroups(planner, expand, input, groups)
    : byRows(planner, expand, input, { ...groups, used });
  return outputOf(planner, rel, wanted, aggregated);
}

function byFinestGroups(
  planner: Planner,
  expand: ExpandRel,
  input: PlanNode,
  calls: Omit<Calls, 'used'>,
): Aggregated {
  const finest = expand.keys.map((k): Group => ({
    column: { ...k.column, id: planner.context.nextColId() },
    expr: k.expr,
  }));
  const keys = finest.map((g) => columnExpr(g.column));
  return aggregateByFinest(planner, input, finest, calls, (partial, states) =>
    expanded(planner, partial, expand, keys, states),
  );
}

function byRows(planner: Planner, expand: ExpandRel, input: PlanNode, given: Calls): Aggregated {
  const present: ColumnRef = { id: planner.context.nextColId(), name: 'present', type: INT4 };
  const slim = prune(planner, input, given.used);
  const own = slim.columns.map(columnExpr);
  const marked = projectNode(planner, slim, [...slim.columns, present], [...own, constant(1)]);
  const calls = expand.empty.length === 0 ? given.calls : given.calls.map((c) => callOfRows(planner, c, present));
  const args = columnsOfAll(calls.flatMap((c) => c.args));
  const keys = expand.keys.map((key) => key.expr);
  const at = expanded(planner, marked, expand, keys, args);
  const used = columnsOfAll(
    given.groups.map((g) => g.expr),
    new Set(args),
  );
  return aggregateCalls(planner, at, { ...given, calls, used });
}
