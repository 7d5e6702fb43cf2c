/**
 * Rows, or rows with a non-null argument.
 */
import { INT8 } from '../../types/sql-type.ts';
import { aggregate } from '../define.ts';
import { orZero } from '../aggregate-lowering.ts';

export default aggregate({
  name: 'count',
  doc: 'Rows, or rows with a non-null argument.',
  signatures: [{ args: ['any'], returns: INT8 }],
  examples: [
    ['count(*)', '1'],
    ['count(null::int)', '0'],
  ],
  lower: (args) => ({
    partials: [{ prim: args.length === 0 ? 'count_star' : 'count', arg: args[0], type: INT8 }],
    merge: ['sum_i64'],
    final: (p) => orZero(p[0]!),
  }),
});
