/**
 * One value as it stands in the text of an array, behind a comma: what array_agg appends.
 */
import { TEXT } from '../../../types/sql-type.ts';
import { formatArray } from '../../array-text.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'array_item',
  internal: true,
  runsOn: 'leader',
  nulls: 'custom',
  volatility: 'immutable',
  doc: 'One value as it stands in the text of an array, behind a comma: what array_agg appends.',
  signatures: [{ args: ['any'], returns: TEXT }],
  examples: [
    ["array_item('a b')", ',"a b"'],
    ['array_item(null::int)', ',NULL'],
  ],
  host: (_, args) => `,${formatArray(args).slice(1, -1)}`,
});
