/**
 * The argument types of a function, as its definition lists them.
 */
import { TEXT } from '../../../types/sql-type.ts';
import { leaderOf } from '../../leader-context.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'pg_get_function_arguments',
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'The argument types of a function, as its definition lists them.',
  signatures: [{ args: ['oid'], returns: TEXT }],
  examples: [
    ['pg_get_function_arguments(1)', 'NULL'],
    ["pg_get_function_arguments('array_in'::regproc::oid)", 'cstring'],
  ],
  host: (context, args) => {
    const leader = leaderOf(context);
    const oid = Number(args[0]);
    return leader.routine(oid)?.declared ?? leader.system.procedure(oid)?.args.join(', ') ?? null;
  },
});
