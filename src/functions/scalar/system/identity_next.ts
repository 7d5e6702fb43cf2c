/**
 * The next identity value of a column, for rows the leader makes.
 */
import { INT8 } from '../../../types/sql-type.ts';
import { leaderOf } from '../../leader-context.ts';
import { nextIdentity } from '../../next-identity.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'identity_next',
  runsOn: 'leader',
  volatility: 'volatile',
  doc: 'The next identity value of a column, for rows the leader makes.',
  signatures: [
    { args: ['oid', 'int4'], returns: INT8 },
  ],
  examples: [
    ['identity_next(0, 1)', 'ERROR: has no identity column'],
    ['identity_next(0, 2)', 'ERROR: has no identity column'],
  ],
  host: (context, args) => nextIdentity(leaderOf(context), Number(args[0]), Number(args[1])),
});
