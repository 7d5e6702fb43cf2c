/**
 * Number of a built-in function by name (the cast to regproc).
 */
import { leaderOf } from '../../leader-context.ts';
import { procedureOid } from '../../reg-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'regproc_in',
  internal: true,
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'Number of a built-in function by name (the cast to regproc).',
  signatures: [{ args: ['text'], returns: { name: 'regproc' } }],
  examples: [
    ["'1'::regproc::oid", '1'],
    ["'no_such'::regproc", 'ERROR: function no_such does not exist'],
  ],
  host: (context, args) => procedureOid(leaderOf(context), String(args[0])),
});
