/**
 * A value behind its delimiter, as LISTAGG appends it; an empty value is none.
 */
import { VARCHAR } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'listagg_item',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'A value behind its delimiter, as LISTAGG appends it; an empty value is none.',
  signatures: [{ args: ['string', 'string'], returns: VARCHAR, kernel: 'listagg_item' }],
  examples: [
    ["listagg_item('a', ',')", ',a'],
    ["listagg_item('', ',')", 'NULL'],
  ],
  mayReturnNull: true,
  mayFail: true,
});
