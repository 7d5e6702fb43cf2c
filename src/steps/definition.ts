/**
 * What a step is to code generation and to the views: the types of the definitions that stand in each step's folder
 * (step.ts) and in registry.ts. A definition designs first, reserving state that both code variants share, and what the
 * design gives is then emitted once per variant. A source and a sink are one stage's begin and end; a transform adds an
 * operation to the stage that is open, or opens a stage of its own (segment-code.ts).
 */
import type { ColId } from '../common/ids.ts';
import type { BoundExpr } from '../expressions/bound.ts';
import type { TupleLayout } from '../types/tuple-layout.ts';
import type { ColumnAccess, RowSet, SegmentCode, StageEnv } from './segment-code.ts';
import type { ScanFilter } from './hjoin/lookup.ts';
import type { InnerSide } from './mjoin/inner.ts';
import type { TransformSpec } from './spec.ts';

/** A step as the system views show it: Redshift's name and label. */
export interface StepView {
  readonly kind: string;
  readonly label: string;
  readonly tableId: number;
  readonly tableName: string;
  /** It counts no rows of its own: it passes on what it gets. */
  readonly passesRows?: true;
}

/** Work on the rows of a stage in place, behind its source or join. */
export interface Operation {
  readonly spec: TransformSpec;
  readonly columns: ReadonlyMap<ColId, ColumnAccess>;
  /** A filter's condition: a source may select by it while it reads. */
  readonly condition?: BoundExpr;
  emit(env: StageEnv, rows: RowSet): void;
}
/** A stage of its own, for a step that may give more rows than it takes. */
export interface Stage {
  readonly input: RowSet;
  readonly output: RowSet;
  readonly columns: ReadonlyMap<ColId, ColumnAccess>;
  readonly operations: Operation[];
  emit(env: StageEnv): void;
  /** Gives what is left when all input is consumed. */
  readonly drain: ((env: StageEnv) => void) | undefined;
}
/** A segment's pipeline while its transforms are designed one after the other. */
export interface Flow {
  readonly code: SegmentCode;
  columns: Map<ColId, ColumnAccess>;
  rows: RowSet;
  /** Operations of the stage that is open. */
  operations: Operation[];
  readonly stages: Stage[];
  /** Joins whose tables the source may ask. */
  readonly scanFilters: ScanFilter[];
  /** The inner side of the merge join that comes next. */
  inner?: InnerSide | undefined;
  /** Store behind each tuple slot, for NULL tuples; -1 when the slot never needs one. */
  readonly stores: number[];
}

/** The segment around a source's stage. */
export interface SourcePlace {
  /** Operations behind the source, in the order of the segment. */
  readonly operations: readonly Operation[];
  readonly scanFilters: readonly ScanFilter[];
  /** Counter of the rows before the first filter. */
  readonly preFilterStep: number;
  /** Columns that the segment reads behind the source, not counting `operation`. */
  readBehind(operation: Operation): ReadonlySet<ColId>;
}
export interface SourceDesign {
  readonly rows: RowSet;
  readonly columns: Map<ColId, ColumnAccess>;
  readonly stores: readonly number[];
  /** It reads column vectors whose row groups may suit the fast variant. */
  readonly hasFast: boolean;
  /** Emits the stage's begin; gives the operations that are still to be done. */
  emit(env: StageEnv, place: SourcePlace): readonly Operation[];
}
export interface SinkPlace {
  readonly rows: RowSet;
  readonly step: number;
  /** Parameter slots of the names the sink asked for. */
  readonly nameSlots: readonly number[];
}
/** A pipeline of its own beside the segment's: rows that the host gives go into the sink once more. */
export interface MergeDesign {
  readonly rows: RowSet;
  readonly columns: ReadonlyMap<ColId, ColumnAccess>;
  emitSource(env: StageEnv): void;
  emit(env: StageEnv): void;
}
export interface SinkDesign {
  /** Code that takes rows back which the sink had set aside. */
  readonly merge?: MergeDesign;
  /** The same for a set of distinct values each, which it had collected. */
  readonly apply?: readonly MergeDesign[];
  /** Stores the code needs besides the spec's: -1 is the first of them. */
  readonly distinctStores?: readonly TupleLayout[];
  emit(env: StageEnv, place: SinkPlace): void;
}

export interface SourceStep<S> {
  view(spec: S): StepView;
  design(code: SegmentCode, spec: S): SourceDesign;
}
export interface TransformStep<T> {
  /** Undefined: part of the step before it. */
  view(spec: T): StepView | undefined;
  /** Columns it reads by their id, outside expressions. */
  reads?(spec: T): readonly ColId[];
  design(flow: Flow, spec: T, step: number): void;
}
export interface SinkStep<S> {
  /** Undefined: it is not seen. */
  view(spec: S): StepView | undefined;
  /** Texts for its messages: data, not part of the code's shape. */
  names?(spec: S): readonly string[];
  design(code: SegmentCode, spec: S): SinkDesign;
}

/** A step that touches no table. */
export const viewOf = (kind: string, label = kind): StepView => ({ kind, label, tableId: 0, tableName: '' });
