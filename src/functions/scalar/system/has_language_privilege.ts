/**
 * Whether a user may write functions in a language.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { checkPrivilege } from '../../privilege-check.ts';
import { leaderOf } from '../../leader-context.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'has_language_privilege',
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'Whether a user may write functions in a language.',
  signatures: [
    { args: ['oid', 'string'], returns: BOOL },
    { args: ['string', 'string'], returns: BOOL },
    { args: ['string', 'oid', 'string'], returns: BOOL },
    { args: ['string', 'string', 'string'], returns: BOOL },
    { args: ['oid', 'oid', 'string'], returns: BOOL },
    { args: ['oid', 'string', 'string'], returns: BOOL },
  ],
  examples: [
    ["has_language_privilege('sql', 'usage')", 't'],
    ["has_language_privilege('no such', 'usage')", 'ERROR: does not exist'],
  ],
  host: (context, args) => checkPrivilege(leaderOf(context), 'language', args),
});
