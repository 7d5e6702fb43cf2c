/**
 * Whether a user may name an IAM role in a command.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { checkPrivilege } from '../../privilege-check.ts';
import { leaderOf } from '../../leader-context.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'has_assumerole_privilege',
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'Whether a user may name an IAM role in a command.',
  signatures: [
    { args: ['string', 'string'], returns: BOOL },
    { args: ['string', 'string', 'string'], returns: BOOL },
  ],
  examples: [
    ["has_assumerole_privilege('arn:aws:iam::123456789012:role/r', 'copy')", 't'],
    ["has_assumerole_privilege('r', 'select')", 'ERROR: unrecognized privilege type'],
  ],
  host: (context, args) => checkPrivilege(leaderOf(context), 'iam role', args),
});
