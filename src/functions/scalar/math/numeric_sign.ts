/**
 * Sign of a 128-bit decimal (inside sign).
 */
import { INT4 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'numeric_sign',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Sign of a 128-bit decimal (inside sign).',
  signatures: [{ args: ['numeric'], returns: INT4, kernel: 'numeric_sign' }],
  examples: [
    ['sign(-2.5)', '-1'],
    ['sign(0.0)', '0'],
  ],
});
