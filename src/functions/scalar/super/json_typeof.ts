/**
 * What a SUPER value is: boolean, number, string, array, object or null.
 */
import { scalar } from '../../define.ts';

export default scalar({
  name: 'json_typeof',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'What a SUPER value is: boolean, number, string, array, object or null.',
  signatures: [{ args: ['super'], returns: { name: 'varchar' }, kernel: 'super_typeof' }],
  examples: [
    ["json_typeof(json_parse('[]'))", 'array'],
    ["json_typeof(json_parse('null'))", 'null'],
  ],
  mayFail: true,
});
