/**
 * The parts of an object that a list of paths leads to: KEEP of OBJECT_TRANSFORM.
 */
import { SUPER } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'super_keep',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The parts of an object that a list of paths leads to: KEEP of OBJECT_TRANSFORM.',
  signatures: [{ args: ['super', 'string'], returns: SUPER, kernel: 'super_keep' }],
  examples: [
    ["object_transform(object('a', 1, 'b', 2) keep '\"b\"')", '{"b":2}'],
    ['object_transform(object(\'a\', 1) keep \'"a"."b"\')', '{}'],
  ],
  mayFail: true,
});
