/**
 * Smallest value.
 */
import { aggregate } from '../define.ts';
import { firstType } from '../result-types.ts';
import { single } from '../aggregate-lowering.ts';

export default aggregate({
  name: 'min',
  doc: 'Smallest value.',
  signatures: [{ args: ['any'], returns: firstType }],
  examples: [
    ['min(3)', '3'],
    ["min('a')", 'a'],
  ],
  lower: (args, type) => single('min', args[0]!, type),
});
