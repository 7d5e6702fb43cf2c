/**
 * Schemas of the search path, with the system ones when asked.
 */
import { formatArray } from '../../array-text.ts';
import { leaderOf } from '../../leader-context.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'current_schemas',
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'Schemas of the search path, with the system ones when asked.',
  signatures: [{ args: ['bool'], returns: { name: '_name' } }],
  examples: [
    ['current_schemas(false)', '{public}'],
    ['current_schemas(true)', '{pg_catalog,public}'],
  ],
  host: (context, args) => {
    const { session, catalog } = leaderOf(context);
    const path = session.searchPath().filter((s) => catalog.schema(s) !== undefined);
    const implicit = args[0] === true || args[0] === 1;
    const shown =
      implicit && !path.includes('pg_catalog')
        ? ['pg_catalog', ...path]
        : path.filter((s) => implicit || s !== session.temporarySchema);
    return formatArray(shown);
  },
});
