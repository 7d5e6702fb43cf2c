/**
 * Whether a text is a JSON object.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'is_valid_json',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Whether a text is a JSON object; arrays and single values are none.',
  signatures: [{ args: ['string'], returns: BOOL, kernel: 'json_is_object' }],
  examples: [
    ['is_valid_json(\'{"a": [1, {"b": null}]}\')', 't'],
    ['is_valid_json(\'{"a": 1,}\')', 'f'],
    ["is_valid_json('[1]')", 'f'],
    ['is_valid_json(\'{"a": 01}\')', 'f'],
    ["is_valid_json('')", 'f'],
    ["is_valid_json(' {} ')", 't'],
  ],
});
