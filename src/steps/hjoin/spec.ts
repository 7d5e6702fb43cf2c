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
  /** right and full: fields of the probe side that later steps read, held as a tuple when unmatched rows follow. */
  readonly label: string;
}
