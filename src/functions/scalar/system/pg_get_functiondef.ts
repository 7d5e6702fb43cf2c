/**
 * The CREATE FUNCTION of a function; those of the server itself are internal.
 */
import { TEXT } from '../../../types/sql-type.ts';
import { leaderOf } from '../../leader-context.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'pg_get_functiondef',
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'The CREATE FUNCTION of a function; those of the server itself are internal.',
  signatures: [{ args: ['oid'], returns: TEXT }],
  examples: [
    ['pg_get_functiondef(1)', 'NULL'],
    ["pg_get_functiondef('array_in'::regproc::oid) like 'CREATE OR REPLACE FUNCTION pg_catalog.array_in%'", 't'],
  ],
  host: (context, args) => {
    const leader = leaderOf(context);
    const routine = leader.routine(Number(args[0]));
    if (routine !== undefined) return routine.definition;
    const p = leader.system.procedure(Number(args[0]));
    if (p === undefined) return null;
    const head = `CREATE OR REPLACE FUNCTION pg_catalog.${p.name}(${p.args.join(', ')})`;
    return `${head}\n RETURNS ${p.result}\n LANGUAGE internal\nAS $function$${p.name}$function$\n`;
  },
});
