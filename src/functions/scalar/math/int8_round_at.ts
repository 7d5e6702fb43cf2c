/**
 * Rounds (mode 0) or truncates (mode 1) an integer left of the point (inside round and trunc).
 */
import { INT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'int8_round_at',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Rounds (mode 0) or truncates (mode 1) an integer left of the point (inside round and trunc).',
  signatures: [{ args: ['int8', 'int4', 'int4'], returns: INT8, kernel: 'int8_round_at' }],
  examples: [
    ['round(1250, -2)', '1300'],
    ['trunc(1250, -2)', '1200'],
  ],
  mayFail: true,
});
