/**
 * The sort step's definition.
 */
import { viewOf, type SinkStep } from '../definition.ts';
import { designWideRow } from '../wide-row.ts';
import { emitSort } from './emit.ts';
import type { SortSpec } from './spec.ts';

export const sort: SinkStep<SortSpec> = {
  view: (spec) => viewOf('sort', spec.label),
  design: (code, { store, keys, shape }) => {
    const wideKeys = designWideRow(
      code,
      keys.map((k) => k.expr),
    );
    return { emit: (env, { rows, step }) => emitSort(env, rows, store, keys, wideKeys, shape, step) };
  },
};
