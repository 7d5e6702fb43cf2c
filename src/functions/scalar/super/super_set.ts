/**
 * An object with another value at a path: SET of OBJECT_TRANSFORM. NULL becomes null.
 */
import { SUPER } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'super_set',
  internal: true,
  runsOn: 'anywhere',
  nulls: 'custom',
  volatility: 'immutable',
  doc: 'An object with another value at a path: SET of OBJECT_TRANSFORM. NULL becomes null.',
  signatures: [{ args: ['super', 'string', 'super'], returns: SUPER, kernel: 'super_set' }],
  examples: [
    ["object_transform(object('a', 1) set '\"a\"', 'x')", '{"a":"x"}'],
    ['object_transform(object(\'a\', 1) set \'"b"."c"\', null)', '{"a":1,"b":{"c":null}}'],
  ],
  mayFail: true,
  mayReturnNull: true,
});
