/**
 * Whether a function is found without its schema.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { leaderOf } from '../../leader-context.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'pg_function_is_visible',
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'Whether a function is found without its schema.',
  signatures: [{ args: ['oid'], returns: BOOL }],
  examples: [
    ['pg_function_is_visible(16)', 't'],
    ['pg_function_is_visible(0)', 't'],
  ],
  host: (context, args) => {
    const leader = leaderOf(context);
    const routine = leader.routine(Number(args[0]));
    if (routine === undefined) return args[0] !== null;
    const same = leader.routinesNamed(undefined, routine.name).filter((r) => r.args.join() === routine.args.join());
    return same[0]?.oid === routine.oid;
  },
});
