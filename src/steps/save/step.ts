/**
 * The save step keeps rows for a segment of the same slice: branches of a UNION ALL, the outer side of a right or full
 * join.
 */
import { viewOf, type SinkStep } from '../definition.ts';
import type { RowShape, StoreId } from '../spec.ts';
import { emitSave } from './emit.ts';

export interface SaveSpec {
  readonly kind: 'save';
  readonly store: StoreId;
  readonly shape: RowShape;
  readonly label: string;
}

export const save: SinkStep<SaveSpec> = {
  view: (spec) => viewOf('save', spec.label),
  design: (_code, spec) => ({
    emit: (env, { rows, step }) => emitSave(env, rows, spec.store, spec.shape, step),
  }),
};
