/**
 * The nloop step: every row meets every row that a hash step without keys kept. It shares hjoin's code: one bucket of
 * the table holds all rows.
 */
import type { BoundExpr } from '../../expressions/bound.ts';
import { viewOf, type TransformStep } from '../definition.ts';
import { designJoin } from '../hjoin/design.ts';
import type { RowShape, StoreId } from '../spec.ts';

export interface NloopSpec {
  readonly kind: 'nloop';
  readonly store: StoreId;
  readonly joinType: 'inner' | 'left' | 'semi' | 'anti' | 'anti-null-aware';
  readonly shape: RowShape;
  readonly condition: readonly BoundExpr[];
  /** Outer rows come once for each block of the inner rows. */
  readonly blocks?: boolean;
  readonly label: string;
}

export const nloop: TransformStep<NloopSpec> = {
  view: (spec) => viewOf('nloop', spec.label),
  design: (flow, spec, step) =>
    designJoin(flow, spec, { outerKeys: [], keyFields: [], residual: spec.condition, dense: false }, step),
};
