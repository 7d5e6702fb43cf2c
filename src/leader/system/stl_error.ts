/**
 * STL_ERROR: internal errors; mistakes in SQL are not recorded. Columns nobody measures here are NULL and listed
 * in `unknown`.
 */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'stl_error',
  schema: 'pg_catalog',
  doc: 'internal errors; mistakes in SQL are not recorded.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, process character(12), recordtime timestamp, pid integer, errcode integer,
    file character(90), linenum integer, context character(100), error character(512)
  `),
  unknown: ['errcode', 'file', 'linenum'],
  rows: (ctx) =>
    ctx.services.history.read('errors').map((e) => ({
      userid: e.userid,
      process: String(e.pid),
      recordtime: e.timeMicros,
      pid: e.pid,
      context: e.context,
      error: e.message,
    })),
});
