/**
 * STL_PROJECT: project steps. Columns nobody measures here are NULL and listed in `unknown`.
 */
import { columns, systemView } from './define.ts';
import { stepRows } from './step-rows.ts';

export default systemView({
  name: 'stl_project',
  schema: 'pg_catalog',
  doc: 'project steps.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, query integer, slice integer, segment integer, step integer, starttime timestamp,
    endtime timestamp, tasknum integer, rows bigint, checksum bigint
  `),
  unknown: ['checksum'],
  rows: (ctx) => stepRows(ctx, ['project']),
});
