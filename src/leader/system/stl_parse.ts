/**
 * STL_PARSE: parse steps of COPY.
 */
import { columns, systemView } from './define.ts';
import { stepRows } from './step-rows.ts';

export default systemView({
  name: 'stl_parse',
  schema: 'pg_catalog',
  doc: 'parse steps of COPY.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, query integer, slice integer, segment integer, step integer, starttime timestamp,
    endtime timestamp, tasknum integer, rows bigint
  `),
  rows: (ctx) => stepRows(ctx, ['parse']),
});
