/**
 * What a merge join's stage was designed with, and what one call of it works with.
 */
import type { FunctionRef } from '../../wasm/assembler.ts';
import type { RowSet, StageEnv } from '../segment-code.ts';
import type { InnerCode } from './inner.ts';
import type { LastKey } from './last-key.ts';
import type { MjoinSpec } from './spec.ts';
import type { MergeLayout } from './state.ts';

export interface MergeCode extends Pick<MjoinSpec, 'joinType' | 'outerKey' | 'innerKey' | 'residual'> {
  readonly layout: MergeLayout;
  readonly inner: InnerCode;
  readonly input: RowSet;
  readonly output: RowSet;
  /** Tuple slot of the inner row's number; those before it are the outer side's. */
  readonly slot: number;
  readonly keepsInner: boolean;
  /** State offsets (i32 each). */
  readonly resume: number;
  readonly cursor: number;
  readonly phase: number;
  readonly matched: number;
  /** The outer key is the one before. */
  readonly same: number;
  readonly hasLast: number;
  readonly outcome: number;
  /** The outer key before, and where its text lies between two calls. */
  readonly last: number;
  readonly lastText: number;
  readonly step: number;
}

/** What one call of the stage works with; i32 locals. */
export interface Merge {
  readonly env: StageEnv;
  readonly j: MergeCode;
  readonly refill: FunctionRef;
  readonly out: number;
  readonly fuel: number;
  readonly cursors: number;
  readonly cursor: number;
  readonly base: number;
  readonly first: number;
  /** The inner row at hand. */
  readonly inner: number;
  readonly matched: number;
  readonly phase: number;
  readonly same: number;
  /** Whether the last key had a match, where that is all that counts. */
  readonly outcome: number;
  readonly last: LastKey;
}
