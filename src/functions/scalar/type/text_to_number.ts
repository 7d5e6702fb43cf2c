/**
 * Text to a 128-bit decimal of a scale by a pattern (inside to_number).
 */
import { numeric } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'text_to_number',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Text to a 128-bit decimal of a scale by a pattern (inside to_number).',
  signatures: [{ args: ['string', 'string', 'int4'], returns: numeric(38, 10), kernel: 'text_to_number' }],
  examples: [
    ["to_number('1.5', '9D9')", '1.5'],
    ["to_number('12-', '99S')", '-12'],
  ],
  mayFail: true,
});
