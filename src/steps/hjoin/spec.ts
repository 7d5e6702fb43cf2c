/**
 * The hjoin step: every row looks up its matches in the hash table that a hash step of the same slice built.
 */
import type { BoundExpr } from '../../expressions/bound.ts';
import type { JoinType } from '../../expressions/relation.ts';
import type { RowShape, StoreId } from '../spec.ts';

export interface HjoinSpec {
  readonly kind: 'hjoin';
  readonly store: StoreId;
  readonly joinType: Exclude<JoinType, 'cross'>;
  readonly shape: RowShape;
  readonly outerKeys: readonly BoundExpr[];
  readonly innerKeys: readonly BoundExpr[];
  readonly residual: readonly BoundExpr[];
  /** The key is this column of the segment's scan, which may drop rows by the table's filter before it reads the rest. */
  readonly scanKey?: Extract<BoundExpr, { kind: 'column' }>;
  /** Outer rows come once for each block of the table. */
  readonly blocks?: boolean;
  readonly label: string;
}
