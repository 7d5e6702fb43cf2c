/**
 * Sets a setting for the session or the transaction and returns its value.
 */
import { TEXT } from '../../../types/sql-type.ts';
import { leaderOf } from '../../leader-context.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'set_config',
  runsOn: 'leader',
  volatility: 'volatile',
  doc: 'Sets a setting for the session or the transaction and returns its value.',
  signatures: [{ args: ['text', 'text', 'bool'], returns: TEXT }],
  examples: [
    ["set_config('search_path', 'public', true)", 'public'],
    ["set_config('no_such_setting', 'x', true)", 'ERROR: unrecognized configuration parameter'],
  ],
  host: (context, args) => {
    const { session } = leaderOf(context);
    const name = String(args[0]).toLowerCase();
    session.setSetting(name, String(args[1]), args[2] === true || args[2] === 1);
    return session.setting(name);
  },
});
