/**
 * The query of a view.
 */
import { TEXT } from '../../../types/sql-type.ts';
import { findRelation } from '../../privilege-check.ts';
import { leaderOf } from '../../leader-context.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'pg_get_viewdef',
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'The query of a view.',
  signatures: [
    { args: ['oid'], returns: TEXT },
    { args: ['oid', 'bool'], returns: TEXT },
    { args: ['text'], returns: TEXT },
    { args: ['text', 'bool'], returns: TEXT },
  ],
  examples: [
    ['pg_get_viewdef(0)', 'Not a view'],
    ['pg_get_viewdef(0, true)', 'Not a view'],
  ],
  host: (context, args) => {
    const relation = findRelation(leaderOf(context), args[0]!);
    const text = relation === undefined ? undefined : leaderOf(context).viewText(relation.oid);
    return text === undefined ? 'Not a view' : `${text.replace(/;\s*$/, '')};`;
  },
});
