/**
 * What the code of a merge join and the host tell each other, in the segment's state:
 *
 *   +0  u32 WANT      the cursor that wants a group (its number + 1), or 0
 *   +4  u32 CURSORS   how many cursors have rows at all; 0 until the host has said so
 *   +8  u32 SEEKS     1: groups whose keys all lie before KEY may be passed over
 *   +16 i64 KEY
 *   then a cursor for each run of the inner side (slices/ordered-scan.ts): where it stands in the run's groups, and the
 *   batch of rows that is decoded there
 *
 * A cursor's GROUP is wanted at POSITION; the host answers with the group and STATUS 1, or STATUS 2 when the run has ended.
 * Of the batch, COUNT rows are selected: their numbers are its SELECTION. RUN is the first of them that can match the outer
 * row at hand, AT the one to look at next. A batch ends where a run of equal keys ends (COMPLETE) unless it is one such run,
 * or its group ends: then rows of the same key may follow in the next batch (CROSSED), and BACK_GROUP, BACK_POSITION say
 * where an outer row of the same key has to begin.
 */
import { BATCH_ROWS } from '../../common/limits.ts';

export const MERGE = { WANT: 0, CURSORS: 4, SEEKS: 8, KEY: 16, BYTES: 24 } as const;
export const CURSOR = {
  GROUP: 0,
  GROUP_ROWS: 4,
  POSITION: 8,
  INVISIBLE: 12,
  STATUS: 16,
  IS_LAST: 20,
  HAS_NULLS: 24,
  START: 28,
  COUNT: 32,
  RUN: 36,
  AT: 40,
  COMPLETE: 44,
  CROSSED: 48,
  BACK_GROUP: 52,
  BACK_POSITION: 56,
  /** Rows up to here have been counted. */
  COUNTED_GROUP: 60,
  COUNTED_POSITION: 64,
  /** Columns that only the rows given need have not been decoded for the whole batch. */
  PENDING: 68,
  CHUNKS: 72,
} as const;
export const WANTS_GROUP = 0;
export const IN_GROUP = 1;
export const ENDED = 2;

/** Rows of a cursor's vectors: a batch, and as many as a decoder may touch behind it. */
export const CURSOR_ROWS = Math.ceil((BATCH_ROWS + 32) / 16) * 16;
/** The row of the vectors that is NULL throughout. */
export const NULL_ROW = 2 * CURSOR_ROWS;

/** Where these lie; plain data, part of a segment's layout. */
export interface MergeLayout {
  readonly at: number;
  readonly columns: number;
}
export const selectionAt = ({ columns }: MergeLayout): number => CURSOR.CHUNKS + columns * 4;
export const cursorBytes = (layout: MergeLayout): number =>
  Math.ceil((selectionAt(layout) + BATCH_ROWS * 4) / 64) * 64;
export const cursorAt = (layout: MergeLayout, run: number): number =>
  layout.at + MERGE.BYTES + run * cursorBytes(layout);
