/**
 * Bytes that a SUPER value takes in memory.
 */
import { INT4 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'size',
  runsOn: 'anywhere',
  nulls: 'custom',
  volatility: 'immutable',
  doc: 'Bytes that a SUPER value takes in memory.',
  signatures: [{ args: ['super'], returns: INT4, kernel: 'super_size' }],
  examples: [
    ["size(json_parse('[0,1,2,3]'))", '23'],
    ['size(true::super)', '4'],
  ],
});
