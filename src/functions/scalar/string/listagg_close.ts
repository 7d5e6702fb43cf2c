/**
 * What LISTAGG appended, without the first delimiter.
 */
import { VARCHAR } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'listagg_close',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'What LISTAGG appended, without the first delimiter; more bytes than allowed are refused.',
  signatures: [{ args: ['string', 'string'], returns: VARCHAR, kernel: 'listagg_close' }],
  examples: [
    ["listagg_close(', a, b', ', ')", 'a, b'],
    ["listagg_close('abc', '')", 'abc'],
  ],
  mayFail: true,
});
