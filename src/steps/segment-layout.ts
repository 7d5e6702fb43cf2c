/**
 * Where things lie in a segment's state.
 */
import type { MergeLayout } from './mjoin/state.ts';
import type { WindowedLayout } from './window/state.ts';

/** What the host must know to run the module; plain data. */
export interface SegmentLayout {
  readonly stateBytes: number;
  readonly parameters: number;
  /** Per scan column: offset of the chunk address field. */
  readonly chunkFields: number;
  /** Per step (source, transforms, sink): i64 row counters. */
  readonly counters: number;
  /** Offset of an i32 per store used: its address. */
  readonly stores: Readonly<Record<number, number>>;
  /** Offset of an i32 per value list and per value table: its address. */
  readonly lists: readonly number[];
  readonly tables: readonly number[];
  /** dist: offset of u32[targets+1] staging addresses. */
  readonly staging: number;
  /** insert/parse: per column {values, nulls} offsets. */
  readonly vectors: readonly { readonly values: number; readonly nulls: number }[];
  /** limit: offset of {i64 limit left, i64 offset left} pairs per limit transform. */
  readonly limits: readonly number[];
  /** return/unload: offset of {u32 cur, u32 end, u32 start, u32 rows}. */
  readonly output: number;
  readonly deletes: number;
  readonly windowed: WindowedLayout | undefined;
  /** mjoin: its cursors. */
  readonly merge: MergeLayout | undefined;
  /** Null bytes of row BATCH_ROWS of the base vectors: always set. */
  readonly nullRows: readonly number[];
  /** STATE.BATCH_LIMIT counts. */
  readonly callsSpatial: boolean;
}
