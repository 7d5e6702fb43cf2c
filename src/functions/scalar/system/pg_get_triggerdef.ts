/**
 * The definition of a trigger; there are none.
 */
import { TEXT } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'pg_get_triggerdef',
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'The definition of a trigger; there are none.',
  signatures: [
    { args: ['oid'], returns: TEXT },
    { args: ['oid', 'bool'], returns: TEXT },
    { args: ['oid', 'bool'], returns: TEXT },
  ],
  examples: [
    ['pg_get_triggerdef(0)', 'NULL'],
    ['pg_get_triggerdef(1)', 'NULL'],
  ],
  host: () => null,
});
