/**
 * A recursion cut: the seed's segments fill a store; the segments of its rounds (SegmentSpec.recursion) read the rows of the
 * round before, keep them as rows of the result, and fill the store anew. Whatever the recursive member reads besides runs once, before
 * or beside the first round, and is kept: tables in their hash tables, other rows in a store.
 */
import { assert } from '../../common/assert.ts';
import { featureNotSupported } from '../../common/errors/catalogue.ts';
import type { ColId } from '../../common/ids.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import type { ColumnRef } from '../../expressions/relation.ts';
import type { RecursionSpec, RowField, RowShape, SegmentSpec, SinkSpec } from '../../steps/spec.ts';
import { layoutTuple } from '../../types/tuple-layout.ts';
import type { PlanNode } from '../plan/plan.ts';
import type { Cutter } from './cut.ts';
import { columnsOfShape, type Flow } from './flow.ts';

type RecursiveUnion = Extract<PlanNode, { kind: 'recursive-union' }>;
type WorkingScan = Extract<PlanNode, { kind: 'working-scan' }>;

/** A recursion whose member is being cut. */
export interface OpenRecursion {
  readonly spec: RecursionSpec;
  readonly seeds: readonly SegmentSpec[];
  readonly table: number;
}

const idsOf = (columns: readonly ColumnRef[]): Set<ColId> => new Set(columns.map((c) => c.id));
const shapeOf = (columns: readonly ColumnRef[]): RowShape => {
  const fields = columns.map((c): RowField => ({ id: c.id, type: c.type, nullable: true }));
  return { fields, layout: layoutTuple(fields) };
};

export function cutRecursion(cutter: Cutter, node: RecursiveUnion): Flow {
  const shape = shapeOf(node.columns);
  const [working, next, result] = [cutter.store(), cutter.store(), cutter.store()];
  const table = cutter.transient();
  const save: SinkSpec = { kind: 'save', store: next, shape, label: `save   tbl=${table}` };
  const close = (flows: readonly Flow[], given: readonly ColumnRef[]): SegmentSpec[] =>
    flows.map((flow) => {
      const exprs = given.map((c): BoundExpr => ({ kind: 'column', type: c.type, id: c.id }));
      cutter.pushProject(flow, node.columns, exprs);
      return cutter.close(flow, save);
    });
  const seeds = close(cutter.branches(node.seed, idsOf(node.seed.columns)), node.seed.columns);
  const { locus } = seeds[0]!;
  const spec: RecursionSpec = {
    recursion: cutter.recursions.length,
    working,
    next,
    result,
    layout: shape.layout,
    locus,
  };
  cutter.recursions.push(spec);
  const open: OpenRecursion = { spec, seeds, table };
  cutter.working.set(node.recursion, open);
  const rounds = close(cutter.branches(node.step, idsOf(node.step.columns)), node.step.columns);
  assert(
    rounds.every((s) => s.recursion === spec.recursion),
    'a recursive member reads the rows of the round before',
  );
  const kept = cutter.transient();
  const keep = cutter.close(readRound(open, shape), {
    kind: 'save',
    store: result,
    shape,
    label: `save   tbl=${kept}`,
  });
  for (const s of cutter.segments) {
    if (s.recursion === spec.recursion && s.locus !== locus)
      throw featureNotSupported('a recursive CTE over user tables cannot ask the leader for each row');
  }
  const from = { locus, single: false } as Flow;
  return cutter.fromStore(from, [keep, ...rounds], result, shape, kept);
}

function readRound({ spec, seeds, table }: OpenRecursion, shape: RowShape): Flow {
  return {
    locus: spec.locus,
    single: false,
    source: { kind: 'worktable', store: spec.working, shape, label: `scan   tbl=${table} name=Internal Worktable` },
    transforms: [],
    dependsOn: seeds.map((s) => s.segment),
    stream: Math.max(...seeds.map((s) => s.stream)) + 1,
    columns: columnsOfShape(shape),
    sorted: false,
    recursion: spec.recursion,
  };
}

export function cutWorking(cutter: Cutter, node: WorkingScan): Flow {
  const open = cutter.working.get(node.recursion);
  assert(open, 'a working table outside of its recursion');
  return readRound(open, shapeOf(node.columns));
}

/** Rows that probe a table of a round, and are the same in each, are read again: from a user table or a store. */
export function besideRound(
  cutter: Cutter,
  flow: Flow,
  node: PlanNode,
  needed: ReadonlySet<ColId>,
  { recursion }: SegmentSpec,
): Flow {
  if (recursion === undefined || flow.recursion !== undefined || flow.source.kind === 'scan') return flow;
  return cutter.materialise(flow, node, needed, false);
}

/** Flows into one store: beside rows of a round, those that stay the same come again in each. */
export function inOneRound(cutter: Cutter, flows: readonly Flow[], ids: readonly ColId[]): readonly Flow[] {
  const recursion = flows.find((flow) => flow.recursion !== undefined)?.recursion;
  if (recursion === undefined) return flows;
  return flows.map((flow) => {
    if (flow.recursion !== undefined) return flow;
    const again = flow.source.kind === 'scan' ? flow : cutter.saved(flow, ids, false);
    return { ...again, recursion };
  });
}
