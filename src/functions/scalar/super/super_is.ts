/**
 * What kind of value a SUPER value is, by number.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'super_is',
  internal: true,
  runsOn: 'anywhere',
  nulls: 'custom',
  volatility: 'immutable',
  doc: 'What kind of value a SUPER value is, by number.',
  signatures: [{ args: ['super', 'int4'], returns: BOOL, kernel: 'super_is' }],
  examples: [
    ['is_array(array(1))', 't'],
    ['is_array(1::super)', 'f'],
  ],
});
