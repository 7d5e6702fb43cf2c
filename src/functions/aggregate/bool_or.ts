/**
 * True when some value is true.
 */
import { BOOL } from '../../types/sql-type.ts';
import { aggregate } from '../define.ts';
import { single } from '../aggregate-lowering.ts';

export default aggregate({
  name: 'bool_or',
  doc: 'True when some value is true.',
  signatures: [{ args: ['bool'], returns: BOOL }],
  examples: [
    ['bool_or(true)', 't'],
    ['bool_or(false)', 'f'],
  ],
  lower: (args, type) => single('bool_or', args[0]!, type),
});
