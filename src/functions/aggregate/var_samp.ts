/**
 * Sample variance.
 */
import { FLOAT8 } from '../../types/sql-type.ts';
import { aggregate } from '../define.ts';
import { moments } from '../aggregate-lowering.ts';

export default aggregate({
  name: 'var_samp',
  aliases: ['variance'],
  doc: 'Sample variance.',
  signatures: [
    { args: ['integer'], returns: FLOAT8 },
    { args: ['numeric'], returns: FLOAT8 },
    { args: ['float8'], returns: FLOAT8 },
  ],
  examples: [
    ['var_samp(1)', 'NULL'],
    ['var_samp(null::int)', 'NULL'],
  ],
  lower: (args) => moments('var_samp_final', args[0]!),
});
