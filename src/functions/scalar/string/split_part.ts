/**
 * The n-th part of a string between delimiters.
 */
import { sameString } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'split_part',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The n-th part of a string between delimiters.',
  signatures: [{ args: ['string', 'string', 'int4'], returns: sameString, kernel: 'str_split_part' }],
  examples: [
    ["split_part('abc$def$ghi', '$', 2)", 'def'],
    ["split_part('abc$def$ghi', '$', 4)", ''],
    ["split_part('a', '$', 0)", 'ERROR: field position must be greater than zero'],
  ],
  mayFail: true,
});
