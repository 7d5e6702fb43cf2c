/**
 * The number a state of HLL stands for.
 */
import { INT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'sketch_estimate',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The number a state of HLL stands for.',
  signatures: [{ args: ['string'], returns: INT8, kernel: 'sketch_estimate' }],
  examples: [
    ["sketch_estimate('abcd')", '1'],
    ["sketch_estimate('')", '0'],
  ],
  mayFail: true,
});
