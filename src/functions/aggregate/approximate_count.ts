/**
 * Approximate number of distinct values (HyperLogLog).
 */
import { INT8 } from '../../types/sql-type.ts';
import { orZero } from '../aggregate-lowering.ts';
import { aggregate } from '../define.ts';

export default aggregate({
  name: 'approximate_count',
  internal: true,
  doc: 'Approximate number of distinct values (HyperLogLog).',
  signatures: [{ args: ['any'], returns: INT8 }],
  examples: [
    ['approximate count(distinct 1)', '1'],
    ['approximate count(distinct null::int)', '0'],
  ],
  lower: (args) => ({
    partials: [{ prim: 'approx_distinct', arg: args[0], type: INT8 }],
    merge: ['approx_distinct'],
    final: (p) => orZero(p[0]!),
  }),
});
