/**
 * Compact JSON text of a SUPER value, at most 16,000,000 bytes.
 */
import { scalar } from '../../define.ts';

export default scalar({
  name: 'json_serialize',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Compact JSON text of a SUPER value, at most 16,000,000 bytes.',
  signatures: [{ args: ['super'], returns: { name: 'varchar' }, kernel: 'super_serialize' }],
  examples: [
    ["json_serialize(json_parse('[ 1, 2 ]'))", '[1,2]'],
    ["json_serialize('a'::super)", '"a"'],
  ],
  mayFail: true,
});
