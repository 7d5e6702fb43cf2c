/**
 * Bytes with a unit.
 */
import { TEXT } from '../../../types/sql-type.ts';
import { prettySize } from '../../pretty-size.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'pg_size_pretty',
  runsOn: 'leader',
  volatility: 'immutable',
  doc: 'Bytes with a unit.',
  signatures: [{ args: ['int8'], returns: TEXT }],
  examples: [
    ['pg_size_pretty(100)', '100 bytes'],
    ['pg_size_pretty(20480)', '20 kB'],
  ],
  host: (_, args) => prettySize(Number(args[0])),
});
