/**
 * The bytes that a SUPER value lies in: they tell equal values apart that print differently.
 */
import { SUPER_BYTES_MAX } from '../../../common/limits.ts';
import { varbyte } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'super_bytes',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The bytes that a SUPER value lies in: they tell equal values apart that print differently.',
  signatures: [{ args: ['super'], returns: varbyte(SUPER_BYTES_MAX), kernel: 'super_same' }],
  examples: [
    ["json_parse('[1.0]')", '[1.0]'],
    ['1::super', '1'],
  ],
});
