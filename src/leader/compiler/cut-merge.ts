/**
 * A merge join cut into steps: the inner side is read in the outer side's segment, and the outer side's scan gives its rows
 * in order.
 */
import { assert } from '../../common/assert.ts';
import type { ColId } from '../../common/ids.ts';
import type { PlanNode } from '../plan/plan.ts';
import type { Cutter } from './cut.ts';
import type { Flow } from './flow.ts';
import { union } from './needed-columns.ts';

export function cutMergeJoin(
  cutter: Cutter,
  node: Extract<PlanNode, { kind: 'merge-join' }>,
  needed: ReadonlySet<ColId>,
): Flow {
  const { ordered, key, joinType, residual } = node;
  assert(node.inner.kind === 'scan', 'a merge join reads tables');
  const below = union(union(needed, residual), [key.outer, key.inner]);
  const outer = cutter.plan(node.outer, below);
  const inner = cutter.plan(node.inner, below);
  assert(outer.source.kind === 'scan' && inner.source.kind === 'scan', 'a scan is cut to a scan');
  const { table, columns, ranges, label, planNode } = inner.source;
  outer.transforms.push(
    {
      kind: 'mscan',
      ...(planNode === undefined ? {} : { planNode }),
      table,
      columns,
      ranges,
      label,
      ordered: ordered.inner,
      conditions: node.inner.filter,
    },
    {
      kind: 'mjoin',
      joinType,
      outerKey: key.outer,
      innerKey: key.inner,
      residual,
      label: `mjoin  tbl=${cutter.transient()}`,
    },
  );
  if (joinType === 'inner' || joinType === 'left') {
    for (const [id, c] of inner.columns) outer.columns.set(id, { ...c, nullable: c.nullable || joinType === 'left' });
  }
  return { ...outer, source: { ...outer.source, ordered: ordered.outer } };
}
