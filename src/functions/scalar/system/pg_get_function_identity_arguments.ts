/**
 * The argument types that tell a function from others of its name.
 */
import { TEXT } from '../../../types/sql-type.ts';
import { leaderOf } from '../../leader-context.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'pg_get_function_identity_arguments',
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'The argument types that tell a function from others of its name.',
  signatures: [{ args: ['oid'], returns: TEXT }],
  examples: [
    ['pg_get_function_identity_arguments(1)', 'NULL'],
    ["pg_get_function_identity_arguments('array_in'::regproc::oid)", 'cstring'],
  ],
  host: (context, args) => {
    const leader = leaderOf(context);
    const oid = Number(args[0]);
    return leader.routine(oid)?.declared ?? leader.system.procedure(oid)?.args.join(', ') ?? null;
  },
});
