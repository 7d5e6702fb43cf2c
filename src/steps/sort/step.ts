/**
 * The sort step's definition.
 */
import type { SortKey } from '../../expressions/relation.ts';
import { superKey } from '../../functions/super-calls.ts';
import { viewOf, type SinkStep } from '../definition.ts';
import { designWideRow } from '../wide-row.ts';
import { emitSort } from './emit.ts';
import type { SortSpec } from './spec.ts';

/** Values of dynamic type are in the order of their key bytes. */
export const sortedBy = (key: SortKey): SortKey =>
  key.expr.type.name === 'super' ? { ...key, expr: superKey(key.expr) } : key;

export const sort: SinkStep<SortSpec> = {
  view: (spec) => viewOf('sort', spec.label),
  design: (code, { store, keys: written, shape }) => {
    const keys = written.map(sortedBy);
    const wideKeys = designWideRow(
      code,
      keys.map((k) => k.expr),
    );
    return { emit: (env, { rows, step }) => emitSort(env, rows, store, keys, wideKeys, shape, step) };
  },
};
