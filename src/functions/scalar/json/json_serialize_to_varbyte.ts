/**
 * Compact JSON text of a SUPER value as the bytes of a VARBYTE, at most 16,777,216 of them.
 */
import { VARBYTE_BYTES_MAX } from '../../../common/limits.ts';
import { varbyte } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'json_serialize_to_varbyte',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Compact JSON text of a SUPER value as the bytes of a VARBYTE, at most 16,777,216 of them.',
  signatures: [{ args: ['super'], returns: varbyte(VARBYTE_BYTES_MAX), kernel: 'super_serialize_bytes' }],
  examples: [
    ["json_serialize_to_varbyte(json_parse('[ 1 ]'))", '5b315d'],
    ["json_serialize_to_varbyte('a'::super)", '226122'],
  ],
  mayFail: true,
});
