/**
 * The value at a path of keys in a JSON text, as text.
 */
import { VARCHAR } from '../../result-types.ts';
import { FALSE } from '../../../expressions/walk.ts';
import { call, int4 } from '../../expand-nodes.ts';
import type { ArgType, Signature } from '../../define.ts';
import { scalar } from '../../define.ts';
import { textConstant } from '../../text-constant.ts';

const DEPTH_MAX = 5;
const signature = (keys: number, ...rest: readonly ArgType[]): Signature => ({
  args: ['string', ...Array.from({ length: keys }, (): ArgType => 'string'), ...rest],
  returns: VARCHAR,
});
const depths = Array.from({ length: DEPTH_MAX }, (_, i) => i + 1);

export default scalar({
  name: 'json_extract_path_text',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The value at a path of up to five keys in a JSON text; NULL where there is none.',
  signatures: [...depths.map((n) => signature(n)), ...depths.map((n) => signature(n, 'bool'))],
  examples: [
    ['json_extract_path_text(\'{"f2":{"f3":1},"f4":{"f5":99,"f6":"star"}}\', \'f4\', \'f6\')', 'star'],
    ['json_extract_path_text(\'{"a": {"b": [1, 2]}}\', \'a\')', '{"b": [1, 2]}'],
    ["json_extract_path_text('{\"a\": 1}', 'A')", 'NULL'],
    ["json_extract_path_text('{\"a\": null}', 'a')", 'NULL'],
    ['json_extract_path_text(\'{"a": "x\\\\u00e9\\\\"y"}\', \'a\')', 'xé"y'],
    ["json_extract_path_text('{', 'a', true)", 'NULL'],
    ["json_extract_path_text('{', 'a')", 'ERROR: invalid json object {'],
  ],
  mayFail: true,
  mayReturnNull: true,
  expand: (args, type, chosen) => {
    const keys = args.slice(1, chosen < DEPTH_MAX ? undefined : -1);
    const padding = Array.from({ length: DEPTH_MAX - keys.length }, () => textConstant(''));
    const nullIfInvalid = chosen < DEPTH_MAX ? FALSE : args[args.length - 1]!;
    return call('json_path_text', 0, type, [args[0]!, ...keys, ...padding, int4(keys.length), nullIfInvalid]);
  },
});
