/**
 * A string repeated.
 */
import { VARCHAR } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'repeat',
  aliases: ['replicate'],
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'A string repeated.',
  signatures: [{ args: ['string', 'int4'], returns: VARCHAR, kernel: 'str_repeat' }],
  examples: [
    ["repeat('ab', 3)", 'ababab'],
    ["repeat('ab', -1)", ''],
  ],
  mayFail: true,
});
