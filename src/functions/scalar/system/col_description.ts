/**
 * The comment of a column.
 */
import { TEXT } from '../../../types/sql-type.ts';
import { leaderOf } from '../../leader-context.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'col_description',
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'The comment of a column.',
  signatures: [{ args: ['oid', 'int4'], returns: TEXT }],
  examples: [
    ['col_description(0, 1)', 'NULL'],
    ['col_description(1, 1)', 'NULL'],
  ],
  host: (context, args) => leaderOf(context).comment(Number(args[0]), Number(args[1]), 'pg_class') ?? null,
});
