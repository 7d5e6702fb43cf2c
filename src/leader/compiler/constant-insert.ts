/**
 * The steps of an INSERT of constants as the views tell them. No code is made of this segment: the slices append the rows
 * that the leader sends (scheduler/insert-constants.ts).
 */
import type { StorageTable } from '../../slices/storage.ts';
import type { SegmentSpec } from '../../steps/spec.ts';
import { layoutTuple } from '../../types/tuple-layout.ts';
import { numberPlan } from '../plan/explain.ts';
import { inputsOf, type Plan, type PlanNode } from '../plan/plan.ts';
import type { CompiledPlan } from './compile-plan.ts';

function sourceOf(node: PlanNode): PlanNode {
  const [input] = inputsOf(node);
  return input === undefined ? node : sourceOf(input);
}

export function constantInsert(plan: Extract<Plan, { kind: 'insert' }>, table: StorageTable): CompiledPlan {
  const numbers = numberPlan(plan);
  const segment: SegmentSpec = {
    segment: 0,
    stream: 0,
    locus: 'compute',
    dependsOn: [],
    source: {
      kind: 'rows',
      rows: 0,
      shape: { fields: [], layout: layoutTuple([]) },
      label: 'scan   tbl=0 name=Values',
      planNode: numbers.idOf(sourceOf(plan.root)),
    },
    transforms: [],
    sink: {
      kind: 'insert',
      table,
      columns: [],
      owners: plan.allOwners,
      sorted: table.sortkey.length > 0,
      label: `insert tbl=${table.tableId}`,
      planNode: numbers.idOf(plan.root),
    },
  };
  const explained = numbers.rows;
  return {
    segments: [segment],
    edges: [],
    rows: [],
    recursions: [],
    explained,
    draws: false,
    result: { kind: 'none' },
  };
}
