/**
 * Population standard deviation.
 */
import { FLOAT8 } from '../../types/sql-type.ts';
import { aggregate } from '../define.ts';
import { moments } from '../aggregate-lowering.ts';

export default aggregate({
  name: 'stddev_pop',
  doc: 'Population standard deviation.',
  signatures: [
    { args: ['integer'], returns: FLOAT8 },
    { args: ['numeric'], returns: FLOAT8 },
    { args: ['float8'], returns: FLOAT8 },
  ],
  examples: [
    ['stddev_pop(1)', '0'],
    ['stddev_pop(null::int)', 'NULL'],
  ],
  lower: (args) => moments('stddev_pop_final', args[0]!),
});
