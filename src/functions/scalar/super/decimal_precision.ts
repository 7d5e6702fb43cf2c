/**
 * Digits of a SUPER number that is no float.
 */
import { INT4 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';
import { call, int4 } from '../../expand-nodes.ts';

export default scalar({
  name: 'decimal_precision',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Digits of a SUPER number that is no float.',
  signatures: [{ args: ['super'], returns: INT4 }],
  examples: [
    ['decimal_precision(3.14159::super)', '6'],
    ["decimal_precision('a'::super)", 'NULL'],
  ],
  expand: (args, type) => call('super_digits', 0, type, [args[0]!, int4(0)]),
});
