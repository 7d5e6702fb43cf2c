/**
 * The sort step: rows in order, or the first `limit` of them. The tuple's last field (id SORT_KEY_ID) is the
 * order-preserving key string.
 */
import type { BoundExpr } from '../../expressions/bound.ts';
import type { SortKey } from '../../expressions/relation.ts';
import type { RowShape, StoreId } from '../spec.ts';

export interface SortSpec {
  readonly kind: 'sort';
  readonly store: StoreId;
  readonly keys: readonly SortKey[];
  readonly limit: BoundExpr | undefined;
  readonly shape: RowShape;
  readonly label: string;
}
