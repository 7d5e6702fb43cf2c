/**
 * A float as a SUPER value; what is no number is NULL.
 */
import { SUPER } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'super_from_float',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'A float as a SUPER value; what is no number is NULL.',
  signatures: [
    { args: ['float4'], returns: SUPER, kernel: 'super_from_float4' },
    { args: ['float8'], returns: SUPER, kernel: 'super_from_float8' },
  ],
  examples: [
    ['2.5::float8::super', '2.5'],
    ["'NaN'::float8::super", 'NULL'],
  ],
  mayFail: true,
  mayReturnNull: true,
});
