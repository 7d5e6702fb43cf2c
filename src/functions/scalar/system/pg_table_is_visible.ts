/**
 * Whether a relation is found without its schema.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { findRelation } from '../../privilege-check.ts';
import { leaderOf } from '../../leader-context.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'pg_table_is_visible',
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'Whether a relation is found without its schema.',
  signatures: [{ args: ['oid'], returns: BOOL }],
  examples: [
    ['pg_table_is_visible(0)', 't'],
    ['pg_table_is_visible(1259)', 't'],
  ],
  host: (context, args) => {
    const leader = leaderOf(context);
    const relation = leader.catalog.relationByOid(Number(args[0]));
    if (relation === undefined) return Number(args[0]) < 100000;
    return findRelation(leader, relation.name)?.oid === relation.oid;
  },
});
