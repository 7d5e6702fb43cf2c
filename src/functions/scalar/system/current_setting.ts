/**
 * Value of a setting.
 */
import { TEXT } from '../../../types/sql-type.ts';
import { leaderOf } from '../../leader-context.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'current_setting',
  runsOn: 'leader',
  besideTables: true,
  volatility: 'stable',
  doc: 'Value of a setting.',
  signatures: [
    { args: ['text'], returns: TEXT },
    { args: ['text', 'bool'], returns: TEXT },
  ],
  examples: [
    ["current_setting('datestyle') is null", 'f'],
    ["current_setting('no_such_setting')", 'ERROR: unrecognized configuration parameter'],
  ],
  host: (context, args) => leaderOf(context).session.setting(String(args[0]).toLowerCase()),
});
