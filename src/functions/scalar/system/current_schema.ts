/**
 * First existing schema of the search path.
 */
import { NAME } from '../../../types/sql-type.ts';
import { leaderOf } from '../../leader-context.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'current_schema',
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'First existing schema of the search path.',
  signatures: [{ args: [], returns: NAME }],
  examples: [
    ['current_schema()', 'public'],
    ['current_schema() is null', 'f'],
  ],
  host: (context) => {
    const { session, catalog } = leaderOf(context);
    return session.searchPath().find((s) => s !== session.temporarySchema && catalog.schema(s) !== undefined) ?? null;
  },
});
