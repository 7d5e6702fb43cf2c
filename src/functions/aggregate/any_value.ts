/**
 * Some value of the group.
 */
import { aggregate } from '../define.ts';
import { firstType } from '../result-types.ts';
import { single } from '../aggregate-lowering.ts';

export default aggregate({
  name: 'any_value',
  doc: 'Some value of the group.',
  signatures: [{ args: ['any'], returns: firstType }],
  examples: [
    ['any_value(3)', '3'],
    ["any_value('a')", 'a'],
  ],
  lower: (args, type) => single('any', args[0]!, type),
});
