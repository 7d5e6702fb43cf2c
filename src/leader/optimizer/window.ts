/**
 * Window functions: rows move so that a partition is whole on one slice, unless it is already; without PARTITION BY all rows
 * go to the first slice. Each slice sorts its rows and computes the functions partition by partition.
 */
import type { Steps } from '../../common/steps.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import type { ColumnRef, Rel } from '../../expressions/relation.ts';
import { relExprs } from '../../expressions/rel-walk.ts';
import { isVolatile } from '../../expressions/walk.ts';
import type { PlanNode } from '../plan/plan.ts';
import type { Needed, Planner } from './context.ts';
import { sortCost, windowCost } from './cost.ts';
import { columnExpr, columnsOfAll } from './expression.ts';
import { groupsTogether } from './groups-together.ts';
import { exchangeNode, projectNode, prune, readOnce } from './nodes.ts';
import { widthOf } from './statistics.ts';

type WindowRel = Extract<Rel, { kind: 'window' }>;

export function* planWindow(planner: Planner, rel: WindowRel, needed: Needed): Steps<PlanNode> {
  const calls = rel.calls.filter((c) => needed.has(c.id));
  const used = columnsOfAll(relExprs({ ...rel, calls }), new Set(needed));
  const below = readOnce(planner, yield* planner.plan(rel.input, used, false));
  if (calls.length === 0) return below;
  const { input, partition } = keptPartition(planner, prune(planner, below, used), rel.partition);
  return windowNode(planner, together(planner, input, partition), { ...rel, partition, calls });
}

/** Volatile partition keys are made once, before the rows move by them. */
function keptPartition(
  planner: Planner,
  input: PlanNode,
  partition: readonly BoundExpr[],
): { readonly input: PlanNode; readonly partition: readonly BoundExpr[] } {
  if (!partition.some(isVolatile)) return { input, partition };
  const keys = partition.map((e): ColumnRef => ({
    id: planner.context.nextColId(),
    name: 'partition',
    type: e.type,
  }));
  const columns = [...input.columns, ...keys];
  const exprs = [...input.columns.map(columnExpr), ...partition];
  return { input: projectNode(planner, input, columns, exprs), partition: keys.map(columnExpr) };
}

function together(planner: Planner, input: PlanNode, partition: readonly BoundExpr[]): PlanNode {
  const groups = partition.map((expr) => ({ expr }));
  if (groupsTogether(planner, input, groups)) return input;
  return partition.length === 0
    ? exchangeNode(planner, input, 'single')
    : exchangeNode(planner, input, 'hash', partition);
}

/** Rows of a partition are together. */
export function windowNode(
  planner: Planner,
  input: PlanNode,
  { partition, order, calls }: Pick<WindowRel, 'partition' | 'order' | 'calls'>,
): PlanNode {
  for (const c of calls) planner.profiles.set(c.id, { distinct: undefined, nullFraction: undefined, width: WIDTH });
  const columns = [
    ...input.columns,
    ...calls.map((c): ColumnRef => ({ id: c.id, name: c.columnName, type: c.type })),
  ];
  const isSorted = partition.length + order.length > 0;
  const sorted = isSorted ? { ...sortCost(input, input.distribution.kind !== 'leader'), rows: input.rows } : input;
  return {
    kind: 'window',
    input,
    partition,
    order,
    calls,
    sortedCost: sorted.totalCost,
    columns,
    rows: input.rows,
    width: widthOf(columns, planner.profiles),
    ...windowCost(sorted, calls.length),
    distribution: input.distribution,
  };
}
/** Bytes of a result, as EXPLAIN counts them. */
const WIDTH = 8;
