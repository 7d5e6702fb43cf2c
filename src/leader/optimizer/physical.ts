/**
 * Logical relation to plan node: one case per relation kind, each handed to the file that knows it. Conditions travel
 * down here: a filter goes into the scan or the join graph below it where it can.
 */
import { assert } from '../../common/assert.ts';
import type { Steps } from '../../common/steps.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import { columnsOf, isGroupingSets } from '../../expressions/relation.ts';
import type { Rel } from '../../expressions/relation.ts';
import type { PlanNode } from '../plan/plan.ts';
import { distinctNode, planAggregate } from './aggregate.ts';
import { planGroupingSets } from './grouping-sets.ts';
import { ColumnClasses } from './context.ts';
import type { Needed, OptimizerContext, Planner } from './context.ts';
import { columnsOfAll, conjuncts } from './expression.ts';
import { isSingleRow, planInnerJoins, planOuterJoin, planSingleRow } from './join.ts';
import {
  aligned,
  exchangeNode,
  expandNode,
  filterNode,
  projectNode,
  subqueryNode,
  unnestNode,
  valuesNode,
} from './nodes.ts';
import { planRecursion, planWorking } from './recursion.ts';
import { planScan, planVirtualScan } from './scan.ts';
import { planSetOperation } from './set-operation.ts';
import { planLimit, planSort, sunkProject } from './sort-limit.ts';
import { exprProfile, widthOf } from './statistics.ts';
import { planWindow } from './window.ts';

export function createPlanner(context: OptimizerContext): Planner {
  const planner: Planner = {
    context,
    profiles: new Map(),
    equal: new ColumnClasses(),
    missingStatistics: new Set(),
    pinned: new WeakSet(),
    working: new Map(),
    changing: new WeakSet(),
    plan: (rel, needed, top) => planRel(planner, rel, needed, top),
  };
  return planner;
}

function* planRel(planner: Planner, rel: Rel, needed: Needed, top: boolean): Steps<PlanNode> {
  yield;
  switch (rel.kind) {
    case 'get':
      return planScan(planner, rel, [], needed);
    case 'virtual':
      return planVirtualScan(planner, rel, []);
    case 'values':
      return planValues(planner, rel);
    case 'filter':
      return yield* planFilter(planner, rel, needed, top);
    case 'project':
      return yield* planProject(planner, rel, needed, top);
    case 'join':
      return yield* planJoin(planner, rel, [], needed);
    case 'aggregate':
      if (isGroupingSets(rel.input)) return yield* planGroupingSets(planner, rel, rel.input, needed, top);
      return yield* planAggregate(planner, rel, needed, top);
    case 'window':
      return yield* planWindow(planner, rel, needed);
    case 'expand': {
      assert(rel.keys.length + rel.empty.length === 0, 'grouping sets stand below their aggregate');
      return expandNode(planner, yield* planner.plan(rel.input, needed, false), rel.number, rel.count);
    }
    case 'distinct': {
      const columns = columnsOf(rel.input);
      const input = yield* planner.plan(rel.input, new Set(columns.map((c) => c.id)), false);
      return distinctNode(planner, aligned(planner, input, columns));
    }
    case 'sort':
      return yield* planSort(planner, rel, needed, top, undefined);
    case 'limit':
      return yield* planLimit(planner, rel, needed, top);
    case 'setop':
      return yield* planSetOperation(planner, rel, needed);
    case 'subquery':
      return subqueryNode(planner, yield* planner.plan(rel.input, needed, top), rel.alias, rel.secure);
    case 'unnest':
      return yield* planUnnest(planner, rel, needed);
    case 'recursive':
      return yield* planRecursion(planner, rel);
    case 'working':
      return planWorking(planner, rel);
    case 'single-row':
      return yield* planSingleRow(planner, rel, needed);
  }
}

function* planJoin(
  planner: Planner,
  rel: Extract<Rel, { kind: 'join' }>,
  above: readonly BoundExpr[],
  needed: Needed,
): Steps<PlanNode> {
  const inner = (rel.type === 'inner' || rel.type === 'cross') && !isSingleRow(rel.right);
  return yield* inner ? planInnerJoins(planner, rel, above, needed) : planOuterJoin(planner, rel, above, needed);
}

function* planFilter(
  planner: Planner,
  rel: Extract<Rel, { kind: 'filter' }>,
  needed: Needed,
  top: boolean,
): Steps<PlanNode> {
  let input: Rel = rel;
  const conditions: BoundExpr[] = [];
  while (input.kind === 'filter') {
    conditions.push(...conjuncts(input.condition));
    input = input.input;
  }
  if (input.kind === 'get') return planScan(planner, input, conditions, needed);
  if (input.kind === 'virtual') return planVirtualScan(planner, input, conditions);
  if (input.kind === 'join') return yield* planJoin(planner, input, conditions, needed);
  const used = columnsOfAll(conditions, new Set(needed));
  return filterNode(planner, yield* planner.plan(input, used, top), conditions);
}

function* planProject(
  planner: Planner,
  rel: Extract<Rel, { kind: 'project' }>,
  needed: Needed,
  top: boolean,
): Steps<PlanNode> {
  const sunk = sunkProject(rel);
  if (sunk !== undefined) return yield* planner.plan(sunk, needed, top);
  const kept = rel.columns
    .map((column, i) => ({ column, expr: rel.exprs[i]! }))
    .filter((k) => needed.has(k.column.id));
  const input = yield* planner.plan(rel.input, columnsOfAll(kept.map((k) => k.expr)), top);
  const exprs = kept.map((k) => k.expr);
  return projectNode(
    planner,
    offLeader(planner, input, exprs),
    kept.map((k) => k.column),
    exprs,
  );
}

/** Rows of the leader for which spatial functions are computed go to the first slice: its thread may take long for one. */
function offLeader(planner: Planner, input: PlanNode, exprs: readonly BoundExpr[]): PlanNode {
  if (input.distribution.kind !== 'leader' || !planner.context.callsSpatial(exprs)) return input;
  return planner.context.callsHost() ? input : exchangeNode(planner, input, 'single');
}

/** Items of an array where nothing is known of it. */
const ITEMS = 10;

function* planUnnest(planner: Planner, rel: Extract<Rel, { kind: 'unnest' }>, needed: Needed): Steps<PlanNode> {
  const read = rel.on === undefined ? [rel.count] : [rel.count, rel.on];
  const input = yield* planner.plan(rel.input, columnsOfAll(read, new Set(needed)), false);
  return unnestNode(planner, input, rel, ITEMS);
}

function planValues(planner: Planner, rel: Extract<Rel, { kind: 'values' }>): PlanNode {
  assert(
    rel.rows.every((row) => row.length === rel.columns.length),
    'VALUES rows as wide as their columns',
  );
  const count = rel.packed?.length ?? rel.rows.length;
  rel.columns.forEach((column, i) => {
    const first = rel.rows[0]?.[i];
    const profile = first === undefined ? undefined : exprProfile(first, planner.profiles);
    if (profile !== undefined) planner.profiles.set(column.id, { ...profile, distinct: count });
  });
  const [only] = rel.rows;
  if (rel.packed === undefined && rel.rows.length === 1 && planner.context.callsSpatial(only!))
    return projectNode(planner, offLeader(planner, valuesNode(planner, [], [[]]), only!), rel.columns, only!);
  return {
    kind: 'values',
    exprs: rel.rows,
    columns: rel.columns,
    ...(rel.packed === undefined ? {} : { packed: rel.packed }),
    rows: Math.max(1, count),
    width: widthOf(rel.columns, planner.profiles),
    startupCost: 0,
    totalCost: 0.01 * count,
    distribution: { kind: 'leader' },
  };
}
