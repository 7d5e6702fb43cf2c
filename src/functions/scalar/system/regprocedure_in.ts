/**
 * Number of a built-in function by its signature (the cast to regprocedure).
 */
import { leaderOf } from '../../leader-context.ts';
import { signatureOid } from '../../reg-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'regprocedure_in',
  internal: true,
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'Number of a built-in function by its signature (the cast to regprocedure).',
  signatures: [{ args: ['text'], returns: { name: 'regprocedure' } }],
  examples: [
    ["'1'::regprocedure::oid", '1'],
    ["'no_such(integer)'::regprocedure", 'ERROR: function no_such(integer) does not exist'],
  ],
  host: (context, args) => signatureOid(leaderOf(context), String(args[0])),
});
