/**
 * Segments as values: what the leader's compiler hands to code generation and sends to the nodes. A node needs nothing
 * but this; it never reads the catalog. A segment is a source, transforms and a sink; each is a Redshift step, and what
 * it is as a value stands in its folder.
 *
 * Segments of one slice talk through STORES (row collections in node memory: hash tables, group tables, sorted rows)
 * and EDGES (exchange between slices). `dependsOn` names the segments of the same slice that must have ended first.
 */
import type { ColId, TableId } from '../common/ids.ts';
import type { SqlType } from '../types/sql-type.ts';
import type { TupleLayout } from '../types/tuple-layout.ts';
import type { AggrSpec } from './aggr/spec.ts';
import type { DeleteSpec } from './delete/step.ts';
import type { DiscardSpec } from './discard/step.ts';
import type { DistSpec } from './dist/spec.ts';
import type { EvaluateSpec } from './evaluate/spec.ts';
import type { ExpandSpec } from './expand/step.ts';
import type { FilterSpec } from './filter/step.ts';
import type { HashSpec } from './hash/spec.ts';
import type { HjoinSpec } from './hjoin/spec.ts';
import type { InsertSpec } from './insert/spec.ts';
import type { LimitSpec } from './limit/step.ts';
import type { MjoinSpec, MscanSpec } from './mjoin/spec.ts';
import type { NloopSpec } from './nloop/step.ts';
import type { ParseSpec } from './parse/spec.ts';
import type { ProjectSpec } from './project/step.ts';
import type { ReceiveSpec } from './receive/step.ts';
import type { ReturnSpec } from './return/spec.ts';
import type { RowsSpec } from './rows/step.ts';
import type { SaveSpec } from './save/step.ts';
import type { ScanSpec } from './scan/spec.ts';
import type { SeriesSpec } from './series/step.ts';
import type { SortSpec } from './sort/spec.ts';
import type { UnnestSpec } from './unnest/step.ts';
import type { UnloadSpec } from './unload/spec.ts';
import type { WindowedSpec, WindowSpec } from './window/spec.ts';
import type { WorktableSpec } from './worktable/step.ts';

export type StoreId = number;
export type EdgeId = number;

export interface RowField {
  readonly id: ColId;
  readonly type: SqlType;
  readonly nullable: boolean;
}
/** Rows as tuples: fields and where they lie. */
export interface RowShape {
  readonly fields: readonly RowField[];
  readonly layout: TupleLayout;
}

/** The plan node (EXPLAIN's number) that a step works for: for the history alone, the code's shape has nothing of it. */
export interface Planned {
  readonly planNode?: number;
}
export type SourceSpec = Planned &
  (ScanSpec | WorktableSpec | WindowedSpec | ReceiveSpec | RowsSpec | SeriesSpec | ParseSpec);
export type TransformSpec = Planned &
  (
    | FilterSpec
    | ProjectSpec
    | EvaluateSpec
    | HjoinSpec
    | MscanSpec
    | MjoinSpec
    | NloopSpec
    | UnnestSpec
    | ExpandSpec
    | LimitSpec
    | DeleteSpec
  );
export type SinkSpec = Planned &
  (
    | HashSpec
    | AggrSpec
    | SortSpec
    | WindowSpec
    | SaveSpec
    | DistSpec
    | ReturnSpec
    | InsertSpec
    | UnloadSpec
    | DiscardSpec
  );

export interface SegmentSpec {
  readonly segment: number;
  /** The segment of the plan that this one is a part of (split-join.ts). */
  readonly origin?: number;
  readonly stream: number;
  /** Runs again in every round of this recursion. */
  readonly recursion?: number;
  readonly locus: 'compute' | 'leader';
  readonly source: SourceSpec;
  readonly transforms: readonly TransformSpec[];
  readonly sink: SinkSpec;
  readonly dependsOn: readonly number[];
}

/**
 * WITH RECURSIVE: its rounds' segments read store `working`, which holds what the round before (at first the seed's segments)
 * left in `next`; `result` has all rows when a round left none on any participant.
 */
export interface RecursionSpec {
  readonly recursion: number;
  readonly working: StoreId;
  readonly next: StoreId;
  readonly result: StoreId;
  readonly layout: TupleLayout;
  readonly locus: 'compute' | 'leader';
}

/** ColId of the sort key string in sorted tuples. */
export const SORT_KEY_ID = 0x7fff0001;

/**
 * Ids of the fields behind a group tuple's aggregates: one per string key, the key's first bytes packed into an i64 (see
 * tuple-code.ts). Fields of a tuple only, never columns of a plan.
 */
export const PACKED_KEY_ID = 0x7ffe0000;

/** Ids of a distinct value's fields: its group's tuple, the value, whether it is counted; the group's keys follow. */
export const DISTINCT_ID = { owner: 0x7ffd0000, value: 0x7ffd0001, counted: 0x7ffd0002, keys: 0x7ffd0003 } as const;

/** An exchange edge: who sends, who receives. 'slices' = every slice, 'leader' = the leader. */
export interface EdgeSpec {
  readonly edge: EdgeId;
  readonly from: 'slices' | 'leader';
  readonly to: 'slices' | 'leader';
  /** dist, bcast or return, for counters. */
  readonly step: 'dist' | 'bcast' | 'return';
  /** Used anew in every round of this recursion. */
  readonly recursion?: number;
}

export type { TableId };
