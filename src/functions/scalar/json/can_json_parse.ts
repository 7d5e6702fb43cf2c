/**
 * Whether JSON_PARSE takes a text.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';
import { call, int4 } from '../../expand-nodes.ts';

export default scalar({
  name: 'can_json_parse',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Whether JSON_PARSE takes a text.',
  signatures: [
    { args: ['string'], returns: BOOL },
    { args: ['varbyte'], returns: BOOL },
  ],
  examples: [
    ["can_json_parse('[1]')", 't'],
    ["can_json_parse('[1')", 'f'],
    ["can_json_parse(to_varbyte('{}', 'utf8'))", 't'],
  ],
  expand: (args, type) => call('super_can_parse', 0, type, [args[0]!, int4(0)]),
});
