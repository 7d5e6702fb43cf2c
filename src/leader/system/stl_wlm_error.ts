/** STL_WLM_ERROR: queries that their service class refused. */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'stl_wlm_error',
  schema: 'pg_catalog',
  doc: 'queries that their service class refused.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, recordtime timestamp, pid integer, error_string character(256)
  `),
  rows: (ctx) =>
    ctx.services.history.read('wlmErrors').map((e) => ({
      userid: e.userid,
      recordtime: e.timeMicros,
      pid: e.pid,
      error_string: e.error,
    })),
});
