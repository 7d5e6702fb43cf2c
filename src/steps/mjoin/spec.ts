/**
 * The mjoin step and the scan of its inner side, which runs in the same segment: both sides lie in the order of the join
 * key on each slice, so the outer rows stream past the inner ones and nothing is kept (0043).
 */
import type { BoundExpr } from '../../expressions/bound.ts';
import type { ScanSpec } from '../scan/spec.ts';

/** The inner side. It stands right before its mjoin. */
export interface MscanSpec extends Pick<ScanSpec, 'table' | 'columns' | 'ranges' | 'label'> {
  readonly kind: 'mscan';
  /** The join key's column, the first of the sort key. */
  readonly ordered: number;
  readonly conditions: readonly BoundExpr[];
}
export interface MjoinSpec {
  readonly kind: 'mjoin';
  readonly joinType: 'inner' | 'left' | 'semi' | 'anti';
  readonly outerKey: BoundExpr;
  readonly innerKey: BoundExpr;
  readonly residual: readonly BoundExpr[];
  readonly label: string;
}
