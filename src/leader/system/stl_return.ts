/**
 * STL_RETURN: return steps: rows sent to the leader or the client. Columns nobody measures here are NULL and
 * listed in `unknown`.
 */
import { columns, systemView } from './define.ts';
import { stepRows } from './step-rows.ts';

export default systemView({
  name: 'stl_return',
  schema: 'pg_catalog',
  doc: 'return steps: rows sent to the leader or the client.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, query integer, slice integer, segment integer, step integer, starttime timestamp,
    endtime timestamp, tasknum integer, rows bigint, bytes bigint, packets integer, checksum bigint
  `),
  unknown: ['checksum'],
  rows: (ctx) => stepRows(ctx, ['return'], (s) => ({ bytes: s.bytes, packets: s.packets })),
});
