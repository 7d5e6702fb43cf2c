/**
 * Bytes of the JSON text of a SUPER value.
 */
import { INT4 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'json_size',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Bytes of the JSON text of a SUPER value.',
  signatures: [{ args: ['super'], returns: INT4, kernel: 'super_json_size' }],
  examples: [
    ["json_size(json_parse('[1, 2]'))", '5'],
    ["json_size('a'::super)", '3'],
  ],
  mayFail: true,
});
