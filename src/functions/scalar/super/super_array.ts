/**
 * An array of no item or of one.
 */
import { SUPER } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'super_array',
  internal: true,
  runsOn: 'anywhere',
  nulls: 'custom',
  volatility: 'immutable',
  doc: 'An array of no item or of one.',
  signatures: [
    { args: [], returns: SUPER, kernel: 'super_array0' },
    { args: ['super'], returns: SUPER, kernel: 'super_array1' },
  ],
  examples: [
    ['array()', '[]'],
    ['array(1)', '[1]'],
  ],
  mayFail: true,
});
