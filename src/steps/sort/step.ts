/**
 * The sort step's definition.
 */
import { viewOf, type SinkStep } from '../definition.ts';
import { emitSort } from './emit.ts';
import type { SortSpec } from './spec.ts';

export const sort: SinkStep<SortSpec> = {
  view: (spec) => viewOf('sort', spec.label),
  design: (_code, spec) => ({
    emit: (env, { rows, step }) => emitSort(env, rows, spec.store, spec.keys, spec.shape, step),
  }),
};
