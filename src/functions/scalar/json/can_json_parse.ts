/**
 * Whether JSON_PARSE takes a text.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'can_json_parse',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Whether JSON_PARSE takes a text.',
  signatures: [{ args: ['string'], returns: BOOL, kernel: 'super_can_parse' }],
  examples: [
    ["can_json_parse('[1]')", 't'],
    ["can_json_parse('[1')", 'f'],
  ],
  mayFail: true,
});
