/**
 * True when every value is true.
 */
import { BOOL } from '../../types/sql-type.ts';
import { aggregate } from '../define.ts';
import { single } from '../aggregate-lowering.ts';

export default aggregate({
  name: 'bool_and',
  doc: 'True when every value is true.',
  signatures: [{ args: ['bool'], returns: BOOL }],
  examples: [
    ['bool_and(true)', 't'],
    ['bool_and(false)', 'f'],
  ],
  lower: (args, type) => single('bool_and', args[0]!, type),
});
