/**
 * The dist step (bcast when every receiver gets every row, return when the leader is the only one): rows to other
 * participants over an edge.
 */
import type { BoundExpr } from '../../expressions/bound.ts';
import type { EdgeId, RowShape } from '../spec.ts';

export type DistMode = 'hash' | 'broadcast' | 'single' | 'even' | 'leader' | 'owners';
export interface DistSpec {
  readonly kind: 'dist';
  readonly edge: EdgeId;
  readonly mode: DistMode;
  readonly keys: readonly BoundExpr[];
  readonly shape: RowShape;
}
