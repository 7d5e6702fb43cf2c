/**
 * The two values of a list between which a percentile lies, 8 bytes each.
 */
import { varchar } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'percentile_pair',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The two values of a list between which a percentile lies, 8 bytes each.',
  signatures: [{ args: ['string', 'int8', 'int4'], returns: varchar(16), kernel: 'percentile_pair' }],
  examples: [
    ["percentile_item(percentile_pair('12345678', 500000000, 0), 0)", '4050765991979987505'],
    ['percentile_pair(null, 500000000, 0)', 'NULL'],
  ],
  mayFail: true,
  once: true,
});
