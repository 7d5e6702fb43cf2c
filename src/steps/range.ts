/**
 * A zone-map test inside a scan step: column op value. The value is a literal or parameter slot resolved at run time.
 */
import type { BoundExpr } from '../expressions/bound.ts';

export interface RangeSpec {
  readonly attnum: number;
  readonly op: '=' | '<' | '<=' | '>' | '>=';
  readonly value: BoundExpr;
}
