/**
 * JSON text of a SUPER value, as it leaves for clients.
 */
import { TEXT } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'super_text',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'JSON text of a SUPER value, as it leaves for clients.',
  signatures: [{ args: ['super'], returns: TEXT, kernel: 'super_to_json' }],
  examples: [
    ["json_parse('[ 1, 2 ]')", '[1,2]'],
    ["'a'::super", '"a"'],
  ],
  mayFail: true,
});
