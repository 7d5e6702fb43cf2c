/**
 * An object of no attribute or of one.
 */
import { SUPER } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'super_object',
  internal: true,
  runsOn: 'anywhere',
  nulls: 'custom',
  volatility: 'immutable',
  doc: 'An object of no attribute or of one.',
  signatures: [
    { args: [], returns: SUPER, kernel: 'super_object0' },
    { args: ['string', 'super'], returns: SUPER, kernel: 'super_object1' },
  ],
  examples: [
    ['object()', '{}'],
    ["object('a', 1)", '{"a":1}'],
  ],
  mayFail: true,
});
