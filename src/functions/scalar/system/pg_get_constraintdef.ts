/**
 * The definition of a constraint.
 */
import { TEXT } from '../../../types/sql-type.ts';
import { constraintDefinition } from '../../constraint-text.ts';
import { leaderOf } from '../../leader-context.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'pg_get_constraintdef',
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'The definition of a constraint.',
  signatures: [
    { args: ['oid'], returns: TEXT },
    { args: ['oid', 'bool'], returns: TEXT },
  ],
  examples: [
    ['pg_get_constraintdef(0)', 'NULL'],
    ['pg_get_constraintdef(0, true)', 'NULL'],
  ],
  host: (context, args) => constraintDefinition(leaderOf(context), Number(args[0])),
});
