/**
 * The value at a path of keys in a JSON text, with how many of five keys count and what an invalid text gives (inside
 * json_extract_path_text).
 */
import { VARCHAR } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'json_path_text',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The value at a path of keys in a JSON text (inside json_extract_path_text).',
  signatures: [
    {
      args: ['string', 'string', 'string', 'string', 'string', 'string', 'int4', 'bool'],
      returns: VARCHAR,
      kernel: 'json_path_text',
    },
  ],
  examples: [
    ['json_extract_path_text(\'{"a":{"a":2},"a":{"b":3}}\', \'a\', \'a\')', 'NULL'],
    ["json_extract_path_text('{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":5}}}}}', 'a', 'b', 'c', 'd', 'e')", '5'],
  ],
  mayFail: true,
  mayReturnNull: true,
});
