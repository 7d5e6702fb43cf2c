/**
 * The definition of an index; there are none.
 */
import { TEXT } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'pg_get_indexdef',
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'The definition of an index; there are none.',
  signatures: [
    { args: ['oid'], returns: TEXT },
    { args: ['oid', 'int4', 'bool'], returns: TEXT },
  ],
  examples: [
    ['pg_get_indexdef(0)', 'NULL'],
    ['pg_get_indexdef(0, 0, true)', 'NULL'],
  ],
  host: () => null,
});
