/**
 * Sources whose rows the leader has: system views and table functions, which its host makes, lists of values, and series.
 */
import { assert } from '../../common/assert.ts';
import type { ColId } from '../../common/ids.ts';
import type { Steps } from '../../common/steps.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import { ORDINALITY, type ColumnRef } from '../../expressions/relation.ts';
import type { RowField } from '../../steps/spec.ts';
import { layoutTuple } from '../../types/tuple-layout.ts';
import { inputsOf, type PlanNode } from '../plan/plan.ts';
import { columnsOfShape, type Flow } from './flow.ts';
import { literalRows, placedLiterals, type LiteralRows } from './literal-rows.ts';

/** Rows the leader's host must make for a `rows` source. */
export type RowsRequest =
  | {
      readonly rows: number;
      readonly kind: 'virtual';
      readonly name: string;
      readonly args: readonly BoundExpr[];
      readonly columns: readonly ColumnRef[];
    }
  /** The bounds of a series. */
  | { readonly rows: number; readonly kind: 'series'; readonly args: readonly BoundExpr[] }
  | {
      readonly rows: number;
      readonly kind: 'values';
      readonly exprs: readonly (readonly BoundExpr[])[];
      readonly columns: readonly ColumnRef[];
    };

/** Lists of rows that were placed before the plan is cut. */
export interface LiteralContext {
  nextColId(): ColId;
  readonly literals?: ReadonlyMap<PlanNode, LiteralRows>;
}

/** The plan's lists of rows in steps: there may be many. */
export function* placedLists(root: PlanNode, nextColId: () => ColId): Steps<ReadonlyMap<PlanNode, LiteralRows>> {
  const placed = new Map<PlanNode, LiteralRows>();
  const nodes = [root];
  for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
    if (node.kind === 'values' && node.packed === undefined && node.exprs.length > 1)
      placed.set(node, yield* placedLiterals(node.columns, node.exprs, nextColId));
    nodes.push(...inputsOf(node));
  }
  return placed;
}

/** What of the cutter this needs. */
interface RowsCutter {
  readonly rows: RowsRequest[];
  readonly context: LiteralContext;
  pushProject(flow: Flow, columns: readonly ColumnRef[], exprs: readonly BoundExpr[]): void;
}

function series(cutter: RowsCutter, node: Extract<PlanNode, { kind: 'virtual-scan' }>): Flow {
  const rows = cutter.rows.length;
  cutter.rows.push({ rows, kind: 'series', args: node.args });
  const columns = node.columns.map((c) => ({
    id: c.id,
    type: c.type,
    nullable: false,
    isOrdinal: c.name === ORDINALITY,
  }));
  const flow: Flow = {
    locus: node.distribution.kind === 'leader' ? 'leader' : 'compute',
    single: true,
    source: { kind: 'series', rows, columns, label: `scan   tbl=0 name=${node.name}` },
    transforms: [],
    dependsOn: [],
    stream: 0,
    columns: new Map(columns.map((c) => [c.id, { type: c.type, nullable: false }])),
    sorted: false,
  };
  if (node.filter.length > 0) flow.transforms.push({ kind: 'filter', conditions: node.filter });
  return flow;
}

/** A flow that begins with rows of the leader. */
export function leaderRows(cutter: RowsCutter, node: Extract<PlanNode, { kind: 'virtual-scan' | 'values' }>): Flow {
  if (node.kind === 'virtual-scan' && node.name === 'generate_series') return series(cutter, node);
  assert(node.kind !== 'values' || node.packed === undefined, 'packed rows are written without segments');
  const rows = cutter.rows.length;
  // One row of expressions is evaluated by the segment itself; longer lists are literals the host places.
  const constant = node.kind === 'values' && node.exprs.length === 1;
  const literals =
    node.kind === 'values' && !constant
      ? (cutter.context.literals?.get(node) ??
        literalRows(node.columns, node.exprs, () => cutter.context.nextColId()))
      : undefined;
  const placed: readonly ColumnRef[] = constant ? [] : (literals?.fields ?? node.columns);
  const request: RowsRequest =
    node.kind === 'values'
      ? { rows, kind: 'values', exprs: literals?.rows ?? [[]], columns: placed }
      : { rows, kind: 'virtual', name: node.name, args: node.args, columns: node.columns };
  cutter.rows.push(request);
  const fields: RowField[] = placed.map((c) => ({ id: c.id, type: c.type, nullable: true }));
  const shape = {
    fields,
    layout: layoutTuple(fields),
  };
  const name = node.kind === 'values' ? 'Values' : node.name;
  const flow: Flow = {
    locus: 'leader',
    single: true,
    source: { kind: 'rows', rows, shape, label: `scan   tbl=0 name=${name}` },
    transforms: [],
    dependsOn: [],
    stream: 0,
    columns: columnsOfShape(shape),
    sorted: false,
  };
  if (constant) cutter.pushProject(flow, node.columns, node.exprs[0]!);
  if (literals)
    cutter.pushProject(
      flow,
      literals.computed.map((c) => c.column),
      literals.computed.map((c) => c.expr),
    );
  if (node.kind === 'virtual-scan' && node.filter.length > 0)
    flow.transforms.push({ kind: 'filter', conditions: node.filter });
  return flow;
}
