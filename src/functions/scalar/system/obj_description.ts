/**
 * The comment of a relation or schema.
 */
import { TEXT } from '../../../types/sql-type.ts';
import { leaderOf } from '../../leader-context.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'obj_description',
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'The comment of a relation or schema.',
  signatures: [
    { args: ['oid'], returns: TEXT },
    { args: ['oid', 'text'], returns: TEXT },
  ],
  examples: [
    ['obj_description(0)', 'NULL'],
    ["obj_description(0, 'pg_class')", 'NULL'],
  ],
  host: (context, args) => {
    const { catalog } = leaderOf(context);
    const oid = Number(args[0]);
    return catalog.relationByOid(oid)?.comment ?? catalog.schemaByOid(oid)?.comment ?? null;
  },
});
