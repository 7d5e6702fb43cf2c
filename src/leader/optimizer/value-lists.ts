/**
 * Percentiles from lists of values: where all values of a query are known to be few enough for a slice's memory, each group's
 * are gathered in a list and the wanted ones are selected from it, without a sort (0039). Slices gather what they have; lists of a
 * group are joined where its rows would meet.
 */
import { ownArgs, type BoundAggregate } from '../../expressions/bound.ts';
import type { AggregateLowering } from '../../functions/define.ts';
import type { PlanNode } from '../plan/plan.ts';
import type { Planner } from './context.ts';

/** Values that one slice selects from without a pause: some hundredths of a second. */
const LIST_VALUES_MAX = 8_000_000;
/** Of a value in a list: it lies in up to twice the room, and in as much again while the list grows. */
const VALUE_BYTES = 32;
/** Of a slice's memory. */
const SHARE = 1 / 4;

/** The lowering from lists of a call that takes its values in an order; undefined where it has none. */
export function listLowering(planner: Planner, call: BoundAggregate): AggregateLowering | undefined {
  const f = planner.context.aggregateFunction(call.name);
  return f.lowerList?.(f.withinGroup === 'required' ? call.args : ownArgs(call), call.type, call.order![0]!);
}
/** Whether all calls that take their values in an order can take them from lists over this input. */
export function takesLists(planner: Planner, input: PlanNode, calls: readonly BoundAggregate[]): boolean {
  const most = Math.min(LIST_VALUES_MAX, (planner.context.sliceBytes * SHARE) / VALUE_BYTES);
  return (
    (rowsAtMost(planner, input) ?? Infinity) <= most &&
    calls.every((c) => c.order === undefined || listLowering(planner, c) !== undefined)
  );
}
/** Rows that there can be, not an estimate: undefined where nobody knows. */
function rowsAtMost(planner: Planner, node: PlanNode): number | undefined {
  switch (node.kind) {
    case 'scan':
      return Math.max(node.rows, planner.context.rowCountOf(node.tableId));
    case 'values':
      return node.rows;
    case 'filter':
    case 'project':
    case 'subquery-scan':
    case 'exchange':
    case 'aggregate':
    case 'window':
    case 'sort':
    case 'limit':
      return rowsAtMost(planner, node.input);
    default:
      return undefined;
  }
}
