/**
 * Folder of a tablespace; the built-in ones have none of their own.
 */
import { TEXT } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'pg_tablespace_location',
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'Folder of a tablespace; the built-in ones have none of their own.',
  signatures: [{ args: ['oid'], returns: TEXT }],
  examples: [
    ['pg_tablespace_location(1663)', ''],
    ['pg_tablespace_location(null)', 'NULL'],
  ],
  host: () => '',
});
