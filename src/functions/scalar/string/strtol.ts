/**
 * A number written in a base of 2 to 36.
 */
import { INT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'strtol',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'A number written in a base of 2 to 36.',
  signatures: [{ args: ['string', 'int4'], returns: INT8, kernel: 'str_strtol' }],
  examples: [
    ["strtol('1010', 2)", '10'],
    ["strtol('abcd1234', 16)", '2882343476'],
  ],
  mayFail: true,
});
