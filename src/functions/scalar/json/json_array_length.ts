/**
 * Elements of the outermost array of a JSON text.
 */
import { INT4 } from '../../../types/sql-type.ts';
import { FALSE } from '../../../expressions/walk.ts';
import { call } from '../../expand-nodes.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'json_array_length',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Elements of the outermost array of a JSON text; one that is no array is an error, or NULL when asked for.',
  signatures: [
    { args: ['string'], returns: INT4 },
    { args: ['string', 'bool'], returns: INT4, kernel: 'json_array_count' },
  ],
  examples: [
    ['json_array_length(\'[11,12,13,{"f1":21,"f2":[25,26]},14]\')', '5'],
    ["json_array_length('[]')", '0'],
    ["json_array_length('[1', true)", 'NULL'],
    ["json_array_length('[1')", 'ERROR: invalid json array object [1'],
  ],
  mayFail: true,
  mayReturnNull: true,
  // The last signature is the kernel's own.
  expand: (args, type) => call('json_array_length', 1, type, [args[0]!, args[1] ?? FALSE]),
});
