/**
 * American Soundex code.
 */
import { VARCHAR } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'soundex',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'American Soundex code.',
  signatures: [{ args: ['string'], returns: VARCHAR, kernel: 'str_soundex' }],
  examples: [
    ["soundex('smith')", 'S530'],
    ["soundex('AWS Amazon')", 'A252'],
  ],
});
