/**
 * A 128-bit decimal of a scale as text by a pattern (inside to_char).
 */
import { VARCHAR } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'numeric_to_char',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'A 128-bit decimal of a scale as text by a pattern (inside to_char).',
  signatures: [{ args: ['numeric', 'int4', 'string'], returns: VARCHAR, kernel: 'numeric_to_char' }],
  examples: [
    ["to_char(-125.8, '999D99S')", '125.80-'],
    ["to_char(1125.8, '9,999.99')", ' 1,125.80'],
  ],
  mayFail: true,
});
