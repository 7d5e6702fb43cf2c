/**
 * The comment of a database.
 */
import { TEXT } from '../../../types/sql-type.ts';
import { leaderOf } from '../../leader-context.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'shobj_description',
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'The comment of a database.',
  signatures: [{ args: ['oid', 'text'], returns: TEXT }],
  examples: [
    ["shobj_description(0, 'pg_database')", 'NULL'],
    ["shobj_description(1, 'pg_database')", 'NULL'],
  ],
  host: (context, args) => leaderOf(context).comment(Number(args[0]), 0, String(args[1])) ?? null,
});
