/**
 * The definition of the index that stands for a primary or unique key; a column number gives that column's name.
 */
import { TEXT } from '../../../types/sql-type.ts';
import { indexDefinition } from '../../constraint-text.ts';
import { leaderOf } from '../../leader-context.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'pg_get_indexdef',
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'The definition of the index that stands for a primary or unique key.',
  signatures: [
    { args: ['oid'], returns: TEXT },
    { args: ['oid', 'int4', 'bool'], returns: TEXT },
  ],
  examples: [
    ['pg_get_indexdef(0)', 'NULL'],
    ['pg_get_indexdef(0, 0, true)', 'NULL'],
  ],
  host: (context, args) => indexDefinition(leaderOf(context), Number(args[0]), Number(args[1] ?? 0)),
});
