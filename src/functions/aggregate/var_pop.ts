/**
 * Population variance.
 */
import { FLOAT8 } from '../../types/sql-type.ts';
import { aggregate } from '../define.ts';
import { moments } from '../aggregate-lowering.ts';

export default aggregate({
  name: 'var_pop',
  doc: 'Population variance.',
  signatures: [
    { args: ['integer'], returns: FLOAT8 },
    { args: ['numeric'], returns: FLOAT8 },
    { args: ['float8'], returns: FLOAT8 },
  ],
  examples: [
    ['var_pop(1)', '0'],
    ['var_pop(null::int)', 'NULL'],
  ],
  lower: (args) => moments('var_pop_final', args[0]!),
});
