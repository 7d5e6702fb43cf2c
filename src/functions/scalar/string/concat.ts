/**
 * Two strings joined; NULL gives NULL.
 */
import { concatenated, concatenatedBytes } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'concat',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Two strings joined; NULL gives NULL.',
  signatures: [
    { args: ['string', 'string'], returns: concatenated, kernel: 'str_concat' },
    { args: ['varbyte', 'varbyte'], returns: concatenatedBytes, kernel: 'varbyte_concat' },
  ],
  examples: [
    ["concat('December 25, ', '2008')", 'December 25, 2008'],
    ["concat('a', null)", 'NULL'],
  ],
  mayFail: true,
});
