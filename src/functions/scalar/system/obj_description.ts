/**
 * The comment of an object: a relation, a schema, a constraint ...
 */
import { TEXT } from '../../../types/sql-type.ts';
import { leaderOf } from '../../leader-context.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'obj_description',
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'The comment of an object: a relation, a schema, a constraint ...',
  signatures: [
    { args: ['oid'], returns: TEXT },
    { args: ['oid', 'text'], returns: TEXT },
  ],
  examples: [
    ['obj_description(0)', 'NULL'],
    ["obj_description(0, 'pg_class')", 'NULL'],
  ],
  host: (context, args) =>
    leaderOf(context).comment(Number(args[0]), 0, args[1] === undefined ? undefined : String(args[1])) ?? null,
});
