/**
 * JSON_PARSE under the session's settings.
 */
import { SUPER } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'super_parse',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: "JSON_PARSE under the session's settings.",
  signatures: [{ args: ['any', 'int4', 'int4'], returns: SUPER, kernel: 'super_parse' }],
  examples: [
    ['json_parse(\'{"a":1}\')', '{"a":1}'],
    ["json_parse('[]')", '[]'],
  ],
  mayFail: true,
  mayReturnNull: true,
});
