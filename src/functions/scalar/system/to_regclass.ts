/**
 * Oid of a relation by name, NULL when there is none.
 */
import { findRelation } from '../../privilege-check.ts';
import { leaderOf } from '../../leader-context.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'to_regclass',
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'Oid of a relation by name, NULL when there is none.',
  signatures: [{ args: ['text'], returns: { name: 'regclass' } }],
  examples: [
    ["to_regclass('no_such_table')", 'NULL'],
    ["to_regclass('no.such')", 'NULL'],
  ],
  host: (context, args) => findRelation(leaderOf(context), args[0]!)?.oid ?? null,
});
