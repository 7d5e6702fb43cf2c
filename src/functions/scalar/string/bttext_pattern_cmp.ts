/**
 * Bytewise order of two strings: -1, 0, 1.
 */
import { INT4 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'bttext_pattern_cmp',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Bytewise order of two strings: -1, 0, 1.',
  signatures: [{ args: ['string', 'string'], returns: INT4, kernel: 'str_pattern_cmp' }],
  examples: [
    ["bttext_pattern_cmp('Graham', 'Graham')", '0'],
    ["bttext_pattern_cmp('b', 'a')", '1'],
  ],
});
