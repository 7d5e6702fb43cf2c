/**
 * Largest value.
 */
import { aggregate } from '../define.ts';
import { firstType } from '../result-types.ts';
import { single } from '../aggregate-lowering.ts';

export default aggregate({
  name: 'max',
  doc: 'Largest value.',
  signatures: [{ args: ['any'], returns: firstType }],
  examples: [
    ['max(3)', '3'],
    ["max('a')", 'a'],
  ],
  lower: (args, type) => single('max', args[0]!, type),
});
