/**
 * Compact JSON text of a SUPER value as bytes of UTF-8.
 */
import { VARBYTE_BYTES_MAX } from '../../../common/limits.ts';
import { varbyte } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';
import { call } from '../../expand-nodes.ts';

const BYTES = varbyte(VARBYTE_BYTES_MAX);

export default scalar({
  name: 'json_serialize_to_varbyte',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Compact JSON text of a SUPER value as bytes of UTF-8.',
  signatures: [{ args: ['super'], returns: BYTES }],
  examples: [
    ["json_serialize_to_varbyte(json_parse('[1, 2]'))", '5b312c325d'],
    ["json_serialize_to_varbyte('a'::super)", '226122'],
  ],
  mayFail: true,
  expand: ([value], type) => ({
    kind: 'cast',
    type,
    arg: call('json_serialize', 0, { name: 'varchar' }, [value!]),
    mode: 'explicit',
  }),
});
