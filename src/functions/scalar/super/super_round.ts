/**
 * ROUND and TRUNC of a SUPER number.
 */
import { SUPER } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'super_round',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'ROUND and TRUNC of a SUPER number.',
  signatures: [{ args: ['super', 'int4', 'int4'], returns: SUPER, kernel: 'super_round' }],
  examples: [
    ['round(2.55::super, 1)', '2.6'],
    ['trunc(2.55::super, 1)', '2.5'],
  ],
  mayFail: true,
  mayReturnNull: true,
});
