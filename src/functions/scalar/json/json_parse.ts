/**
 * The SUPER value of a JSON text.
 */
import { SUPER } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';
import { call, int4 } from '../../expand-nodes.ts';

export default scalar({
  name: 'json_parse',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The SUPER value of a JSON text.',
  signatures: [
    { args: ['string'], returns: SUPER },
    { args: ['varbyte'], returns: SUPER },
  ],
  examples: [
    ['json_parse(\'[10001,10002,"abc"]\')', '[10001,10002,"abc"]'],
    ['json_parse(\'{"a": 1.50}\')', '{"a":1.50}'],
    ["json_parse(to_varbyte('[1]', 'utf8'))", '[1]'],
  ],
  expand: (args, type) => call('super_parse', 0, type, [args[0]!, int4(0), int4(0)]),
});
