/**
 * CAN_JSON_PARSE under the session's settings.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'super_can_parse',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: "CAN_JSON_PARSE under the session's settings.",
  signatures: [{ args: ['any', 'int4'], returns: BOOL, kernel: 'super_can_parse' }],
  examples: [
    ["can_json_parse('[1]')", 't'],
    ["can_json_parse('[1')", 'f'],
  ],
  mayFail: true,
});
