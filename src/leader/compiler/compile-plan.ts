/**
 * A whole statement's plan to segments: the top of the tree (return, insert, delete, unload) and everything below it
 * through the Cutter.
 */
import { assert } from '../../common/assert.ts';
import type { ColId } from '../../common/ids.ts';
import { formatOf, isColumnar } from '../../common/result-format.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import type { ColumnRef } from '../../expressions/relation.ts';
import type { EdgeSpec, RecursionSpec, SegmentSpec, SinkSpec } from '../../steps/spec.ts';
import type { UnloadFormat } from '../../steps/unload/spec.ts';
import type { TableObject } from '../catalog/objects.ts';
import { numberPlan, type PlanRow } from '../plan/explain.ts';
import type { Plan, PlanNode } from '../plan/plan.ts';
import { callsVolatile } from '../../expressions/walk.ts';
import { Cutter, type CutContext } from './cut.ts';
import { planned, type Flow } from './flow.ts';
import type { RowsRequest } from './leader-rows.ts';

export interface CompiledPlan {
  readonly segments: readonly SegmentSpec[];
  readonly edges: readonly EdgeSpec[];
  readonly rows: readonly RowsRequest[];
  readonly recursions: readonly RecursionSpec[];
  /** The plan's operators, for STL_EXPLAIN; steps name theirs. */
  readonly explained: readonly PlanRow[];
  /** It calls volatile functions. */
  readonly draws: boolean;
  /** How the leader takes the result: from the slices' return edge, from its own segment, or there is none. */
  readonly result:
    | {
        readonly kind: 'slices';
        readonly edge: number;
        readonly ordered: boolean;
        readonly limit: BoundExpr | undefined;
        readonly offset: BoundExpr | undefined;
      }
    | { readonly kind: 'leader' }
    | { readonly kind: 'none' };
}
export interface CompileContext extends CutContext {
  /** A target row that several rows match is an error (error_on_nondeterministic_update, MERGE). */
  readonly singleMatch?: boolean;
  table(tableId: number): TableObject;
}

const idsOf = (columns: readonly ColumnRef[]): Set<ColId> => new Set(columns.map((c) => c.id));
const column = (c: ColumnRef): BoundExpr => ({ kind: 'column', type: c.type, id: c.id });

export function compilePlan(
  plan: Plan,
  context: CompileContext,
  formats: readonly number[],
  unload?: UnloadTop,
): CompiledPlan {
  const draws = callsVolatile(plan);
  const numbers = numberPlan(plan);
  const cutter = new Cutter(context, draws, numbers);
  cutter.at = numbers.idOf(plan.root);
  const finish = (result: CompiledPlan['result']): CompiledPlan => ({
    segments: cutter.segments,
    edges: cutter.edges,
    rows: cutter.rows,
    recursions: cutter.recursions,
    explained: numbers.rows,
    draws,
    result,
  });
  switch (plan.kind) {
    case 'select':
      return finish(compileSelect(cutter, plan, formats, unload));
    case 'insert': {
      const flow = insertSource(cutter, plan.root, plan.columns);
      closeInsert(cutter, flow, plan.tableId, plan.columns, context);
      return finish({ kind: 'none' });
    }
    case 'delete': {
      const flow = cutter.plan(plan.root, new Set([plan.rowId]));
      flow.transforms.push({
        kind: 'delete',
        table: context.storageTable(plan.tableId),
        rowId: plan.rowId,
        label: `delete tbl=${plan.tableId}`,
        ...(context.singleMatch === true ? { singleMatch: true } : {}),
      });
      cutter.close(flow, { kind: 'discard' });
      return finish({ kind: 'none' });
    }
    case 'update':
      compileUpdate(cutter, plan, context);
      return finish({ kind: 'none' });
  }
}

/** UNLOAD replaces the return step. */
export interface UnloadTop {
  readonly unload: number;
  readonly format: UnloadFormat;
  /** One writer on the leader's behalf (PARALLEL OFF): rows come in order to slice 0. */
  readonly serial: boolean;
  /** PARTITION BY: numbers of the columns; the others are written, or with INCLUDE all. */
  readonly partition?: { readonly columns: readonly number[]; readonly include: boolean } | undefined;
}

function compileSelect(
  cutter: Cutter,
  plan: Extract<Plan, { kind: 'select' }>,
  formats: readonly number[],
  unload?: UnloadTop,
): CompiledPlan['result'] {
  let node: PlanNode = plan.root;
  let limit: BoundExpr | undefined;
  let offset: BoundExpr | undefined;
  const needed = idsOf(plan.columns);
  if (
    node.kind === 'limit' &&
    (node.input.kind === 'merge' || (node.input.kind === 'exchange' && node.input.mode === 'leader'))
  ) {
    ({ limit, offset } = node);
    node = node.input;
  }
  const direct = node.kind === 'merge' || (node.kind === 'exchange' && node.mode === 'leader');
  const below = direct && 'input' in node ? node.input : node;
  const branches = node.kind === 'exchange' && direct && !unload ? cutter.branches(below, needed) : [];
  const flow = branches.length > 0 ? branches[0]! : cutter.plan(below, needed);
  const ordered = node.kind === 'merge' && flow.sorted;
  if (node.kind === 'merge') cutter.at = cutter.numbers?.belowOf(node);
  const columns = plan.columns.map((c, i) => ({
    expr: column(c),
    type: c.type,
    format: formatOf(formats, i),
  }));
  if (flow.locus === 'leader') {
    if (limit || offset) flow.transforms.push({ kind: 'limit', limit, offset });
    cutter.close(
      flow,
      unload
        ? unloadSink(unload, columns, -1, false)
        : { kind: 'return', edge: -1, columns, ordered: false, last: true },
    );
    return { kind: 'leader' };
  }
  if (unload && !unload.serial && !limit && !offset) {
    cutter.close(flow, unloadSink(unload, columns, -1, false));
    return { kind: 'none' };
  }
  const edge = cutter.edge('slices', 'leader', 'return');
  const columnar = isColumnar(formats) && !ordered && limit === undefined && offset === undefined;
  const sent = { kind: 'return', edge, columns, ordered, ...(columnar && { columnar }) } as const;
  if (branches.length > 1) {
    assert(
      branches.every((b) => b.locus === 'compute'),
      'branches of a UNION ALL are all on the slices',
    );
    closeBranches(cutter, branches, (last) => ({ ...sent, last }));
    return { kind: 'slices', edge, ordered, limit, offset };
  }
  cutter.close(flow, unload ? unloadSink(unload, columns, edge, ordered) : { ...sent, last: true });
  return { kind: 'slices', edge, ordered, limit, offset };
}

/** Branches return their rows one after another on one edge; nothing is kept in between. */
function closeBranches(cutter: Cutter, branches: readonly Flow[], sink: (last: boolean) => SinkSpec): void {
  let previous: SegmentSpec | undefined;
  for (const [i, branch] of branches.entries()) {
    const after = previous
      ? { dependsOn: [...branch.dependsOn, previous.segment], stream: Math.max(branch.stream, previous.stream + 1) }
      : {};
    previous = cutter.close({ ...branch, ...after }, sink(i === branches.length - 1));
  }
}

function unloadSink(
  unload: UnloadTop,
  columns: readonly { expr: BoundExpr; type: ColumnRef['type'] }[],
  edge: number,
  ordered: boolean,
): SinkSpec {
  const { partition } = unload;
  return {
    kind: 'unload',
    unload: unload.unload,
    columns: columns.filter((_, i) => partition === undefined || partition.include || !partition.columns.includes(i)),
    partition: partition?.columns.map((i) => columns[i]!),
    edge,
    framed: edge >= 0,
    ordered,
    format: unload.format,
  };
}

/** INSERT into an ALL table: the broadcast goes to the owner slices only. */
function insertSource(cutter: Cutter, root: PlanNode, columns: readonly ColumnRef[]): Flow {
  const needed = idsOf(columns);
  if (root.kind === 'exchange' && root.mode === 'broadcast') {
    const input = cutter.plan(root.input, needed);
    return cutter.move(input, [...needed], 'owners', []);
  }
  const flow = cutter.plan(root, needed);
  return flow;
}

function closeInsert(
  cutter: Cutter,
  flow: Flow,
  tableId: number,
  columns: readonly ColumnRef[],
  context: CompileContext,
): void {
  assert(flow.locus === 'compute', 'rows to insert are still on the leader');
  const table = context.table(tableId);
  const storage = context.storageTable(tableId);
  const live = table.columns.filter((c) => !c.dropped);
  assert(live.length === columns.length, 'insert does not cover the table');
  cutter.close(flow, {
    kind: 'insert',
    table: storage,
    owners: table.effectiveDiststyle === 'all',
    sorted: table.sortkey.length > 0,
    label: `insert tbl=${tableId}`,
    columns: live.map((c, i) => ({
      attnum: c.attnum,
      name: c.name,
      type: c.type,
      notNull: c.notNull,
      expr: column(columns[i]!),
    })),
  });
}

function compileUpdate(cutter: Cutter, plan: Extract<Plan, { kind: 'update' }>, context: CompileContext): void {
  const needed = idsOf(plan.columns).add(plan.rowId);
  let flow = cutter.plan(plan.root, needed);
  flow.transforms.push({
    kind: 'delete',
    table: context.storageTable(plan.tableId),
    rowId: plan.rowId,
    label: `delete tbl=${plan.tableId}`,
    ...(context.singleMatch === true ? { singleMatch: true } : {}),
  });
  if (plan.newKey !== undefined) {
    const above = planned(flow, cutter.at);
    cutter.at = cutter.numbers?.belowOf(plan.root);
    flow = cutter.move(above, [...idsOf(plan.columns)], 'hash', [column(plan.newKey)]);
  }
  closeInsert(cutter, flow, plan.tableId, plan.columns, context);
}
