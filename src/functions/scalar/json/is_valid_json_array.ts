/**
 * Whether a text is a JSON array.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'is_valid_json_array',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Whether a text is a JSON array; objects and single values are none.',
  signatures: [{ args: ['string'], returns: BOOL, kernel: 'json_is_array' }],
  examples: [
    ['is_valid_json_array(\'["a",["b",1,["c",2,3,null]]]\')', 't'],
    ["is_valid_json_array('[1,]')", 'f'],
    ["is_valid_json_array('{}')", 'f'],
    ["is_valid_json_array('[1] x')", 'f'],
  ],
});
