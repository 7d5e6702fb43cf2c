/**
 * The HLLSKETCH of a state of HLL_CREATE_SKETCH or HLL_COMBINE.
 */
import { HLLSKETCH } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'sketch_text',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The HLLSKETCH of a state of HLL_CREATE_SKETCH or HLL_COMBINE.',
  signatures: [{ args: ['string'], returns: HLLSKETCH, kernel: 'sketch_text' }],
  examples: [
    ["sketch_text('')", '{"version":1,"logm":15,"sparse":{"indices":[],"values":[]}}'],
    ["sketch_text('A@@@')", '{"version":1,"logm":15,"sparse":{"indices":[16843009],"values":[1]}}'],
  ],
  mayFail: true,
});
