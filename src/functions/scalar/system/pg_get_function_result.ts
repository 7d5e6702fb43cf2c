/**
 * The result type of a function.
 */
import { TEXT } from '../../../types/sql-type.ts';
import { leaderOf } from '../../leader-context.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'pg_get_function_result',
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'The result type of a function.',
  signatures: [{ args: ['oid'], returns: TEXT }],
  examples: [
    ['pg_get_function_result(1)', 'NULL'],
    ["pg_get_function_result('array_in'::regproc::oid)", '-'],
  ],
  host: (context, args) => {
    const leader = leaderOf(context);
    const oid = Number(args[0]);
    return (leader.routine(oid) ?? leader.system.procedure(oid))?.result ?? null;
  },
});
