/**
 * An open pipeline while a plan is cut: the source, the steps so far, and the columns that the next step may use. Made and
 * closed by cut.ts.
 */
import type { ColId } from '../../common/ids.ts';
import type { RowShape, SegmentSpec, SourceSpec, TransformSpec } from '../../steps/spec.ts';
import type { SqlType } from '../../types/sql-type.ts';

export interface Column {
  readonly type: SqlType;
  readonly nullable: boolean;
}
/** An open pipeline. */
export interface Flow {
  readonly locus: 'compute' | 'leader';
  readonly single: boolean;
  readonly source: SourceSpec;
  readonly transforms: TransformSpec[];
  readonly dependsOn: number[];
  readonly stream: number;
  readonly columns: Map<ColId, Column>;
  /** Sorted worktable as source: the key string is available. */
  readonly sorted: boolean;
  /** Its rows are others in each round of this recursion. */
  readonly recursion?: number;
}

/** The flow with every step that has none yet given the plan node at work. */
export function planned(flow: Flow, planNode: number | undefined): Flow {
  if (planNode === undefined) return flow;
  for (const [i, t] of flow.transforms.entries())
    if (t.planNode === undefined) flow.transforms[i] = { ...t, planNode };
  return flow.source.planNode === undefined ? { ...flow, source: { ...flow.source, planNode } } : flow;
}

export function columnsOfShape(shape: RowShape): Map<ColId, Column> {
  return new Map(shape.fields.map((f) => [f.id, { type: f.type, nullable: f.nullable }]));
}

/** The flow behind a join with what was built. */
export function joined(
  outer: Flow,
  built: { segment: SegmentSpec; shape: RowShape },
  joinType: string,
  nullOuter: boolean,
): Flow {
  if (!['semi', 'anti', 'anti-null-aware'].includes(joinType)) {
    for (const [id, c] of columnsOfShape(built.shape)) outer.columns.set(id, c);
  }
  if (nullOuter) for (const [id, c] of outer.columns) outer.columns.set(id, { ...c, nullable: true });
  outer.dependsOn.push(built.segment.segment);
  const recursion = outer.recursion ?? built.segment.recursion;
  return {
    ...outer,
    ...(recursion === undefined ? {} : { recursion }),
    stream: Math.max(outer.stream, built.segment.stream + 1),
  };
}
