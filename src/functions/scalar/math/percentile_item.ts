/**
 * One of the two values between which a percentile lies.
 */
import { DATE, FLOAT8, INT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'percentile_item',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'One of the two values between which a percentile lies.',
  signatures: [
    { args: ['string', 'int4'], returns: INT8, kernel: 'percentile_item_i64' },
    { args: ['string', 'int4'], returns: DATE, kernel: 'percentile_item_i32' },
    { args: ['string', 'int4'], returns: FLOAT8, kernel: 'percentile_item_f64' },
  ],
  examples: [
    ["percentile_item('1234567812345678', 0)", '4050765991979987505'],
    ['percentile_item(null, 0)', 'NULL'],
  ],
});
