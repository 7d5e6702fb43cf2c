/**
 * The character of a code point; NULL for none.
 */
import { VARCHAR } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'chr',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The character of a code point; NULL for none.',
  signatures: [{ args: ['int4'], returns: VARCHAR, kernel: 'str_chr' }],
  examples: [
    ['chr(65)', 'A'],
    ['chr(0)', 'NULL'],
  ],
  mayReturnNull: true,
});
