/**
 * Digits behind the point of a SUPER number that is no float.
 */
import { INT4 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';
import { call, int4 } from '../../expand-nodes.ts';

export default scalar({
  name: 'decimal_scale',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Digits behind the point of a SUPER number that is no float.',
  signatures: [{ args: ['super'], returns: INT4 }],
  examples: [
    ['decimal_scale(3.14159::super)', '5'],
    ['decimal_scale(5::super)', '0'],
  ],
  expand: (args, type) => call('super_digits', 0, type, [args[0]!, int4(1)]),
});
