/**
 * The hash step: the build side of a join; without keys, of a nested loop.
 */
import type { BoundExpr } from '../../expressions/bound.ts';
import type { RowShape, StoreId } from '../spec.ts';

export interface HashSpec {
  readonly kind: 'hash';
  readonly store: StoreId;
  readonly keys: readonly BoundExpr[];
  readonly shape: RowShape;
  readonly singleRow: boolean;
  readonly keepNullKeys: boolean;
  /** Outer rows of a join whose table is on disk: set aside there too, and never probed. */
  readonly aside?: boolean;
  /** A scan asks its filter (hjoin's scanKey). */
  readonly filter?: boolean;
  /** The join asks only which keys there are (hjoin/dense-key.ts). */
  readonly membersOnly?: boolean;
  readonly label: string;
}
