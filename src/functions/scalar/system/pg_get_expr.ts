/**
 * The text of a stored expression; they are kept as SQL text.
 */
import { TEXT } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'pg_get_expr',
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'The text of a stored expression; they are kept as SQL text.',
  signatures: [
    { args: ['text', 'oid'], returns: TEXT },
    { args: ['text', 'oid', 'bool'], returns: TEXT },
  ],
  examples: [
    ["pg_get_expr('1 + 1', 0)", '1 + 1'],
    ['pg_get_expr(null, 0)', 'NULL'],
  ],
  host: (_, args) => args[0]!,
});
