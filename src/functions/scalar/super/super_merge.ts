/**
 * An object of the attributes of two.
 */
import { SUPER } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'super_merge',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'An object of the attributes of two.',
  signatures: [{ args: ['super', 'super'], returns: SUPER, kernel: 'super_merge' }],
  examples: [
    ["object('a', 1, 'b', 2)", '{"a":1,"b":2}'],
    ["object('a', 1, 'b', null)", '{"a":1,"b":null}'],
  ],
  mayFail: true,
});
