/**
 * Oid of a relation by name or number (the cast to regclass).
 */
import { leaderOf } from '../../leader-context.ts';
import { relationOid } from '../../reg-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'regclass_in',
  internal: true,
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'Oid of a relation by name or number (the cast to regclass).',
  signatures: [{ args: ['text'], returns: { name: 'regclass' } }],
  examples: [
    ["'no_such_table'::regclass", 'ERROR: relation "no_such_table" does not exist'],
    ["'1259'::regclass::oid", '1259'],
  ],
  host: (context, args) => relationOid(leaderOf(context), String(args[0])),
});
