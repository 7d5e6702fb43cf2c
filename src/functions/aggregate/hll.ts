/**
 * Approximate number of distinct values.
 */
import { INT8 } from '../../types/sql-type.ts';
import { orZero, sketchOf } from '../aggregate-lowering.ts';
import { aggregate } from '../define.ts';
import { call } from '../expand-nodes.ts';

export default aggregate({
  name: 'hll',
  doc: 'Approximate number of distinct values (HyperLogLog with 32,768 registers: within 0.6 % as a rule). No values give 0.',
  signatures: [{ args: ['any'], returns: INT8 }],
  examples: [
    ["hll('a')", '1'],
    ['hll(null::int)', '0'],
  ],
  lower: (args) => ({
    ...sketchOf('sketch', args[0]!),
    final: (p) => orZero(call('sketch_estimate', 0, INT8, [p[0]!])),
  }),
});
