/**
 * Sample standard deviation.
 */
import { FLOAT8 } from '../../types/sql-type.ts';
import { aggregate } from '../define.ts';
import { moments } from '../aggregate-lowering.ts';

export default aggregate({
  name: 'stddev_samp',
  aliases: ['stddev'],
  doc: 'Sample standard deviation.',
  signatures: [
    { args: ['integer'], returns: FLOAT8 },
    { args: ['numeric'], returns: FLOAT8 },
    { args: ['float8'], returns: FLOAT8 },
  ],
  examples: [
    ['stddev_samp(1)', 'NULL'],
    ['stddev_samp(null::int)', 'NULL'],
  ],
  lower: (args) => moments('stddev_samp_final', args[0]!),
});
