/**
 * An element of the outermost array of a JSON text, as text.
 */
import { VARCHAR } from '../../result-types.ts';
import { FALSE } from '../../../expressions/walk.ts';
import { call } from '../../expand-nodes.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'json_extract_array_element_text',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'An element, counted from 0, of the outermost array of a JSON text; NULL where there is none.',
  signatures: [
    { args: ['string', 'int4'], returns: VARCHAR },
    { args: ['string', 'int4', 'bool'], returns: VARCHAR, kernel: 'json_array_element' },
  ],
  examples: [
    ["json_extract_array_element_text('[111,112,113]', 2)", '113'],
    ["json_extract_array_element_text('[111]', 1)", 'NULL'],
    ["json_extract_array_element_text('[111]', -1)", 'NULL'],
    ['json_extract_array_element_text(\'[{"a": 1}, ["b"]]\', 0)', '{"a": 1}'],
    ['json_extract_array_element_text(\'["a",["b",1,["c",2,3,null,]]]\', 1, true)', 'NULL'],
    ["json_extract_array_element_text('[1', 0)", 'ERROR: invalid json array object [1'],
  ],
  mayFail: true,
  mayReturnNull: true,
  // The last signature is the kernel's own.
  expand: (args, type) => call('json_extract_array_element_text', 1, type, [args[0]!, args[1]!, args[2] ?? FALSE]),
});
