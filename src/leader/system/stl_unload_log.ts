/**
 * STL_UNLOAD_LOG: files that UNLOAD wrote.
 */
import { columns, systemView } from './define.ts';
import { byQuery } from './step-rows.ts';

export default systemView({
  name: 'stl_unload_log',
  schema: 'pg_catalog',
  doc: 'files that UNLOAD wrote.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, query integer, slice integer, pid integer, path character(1280),
    start_time timestamp, end_time timestamp, line_count bigint, transfer_size bigint,
    file_format character(10)
  `),
  rows: async (ctx) => {
    const pids = await byQuery(ctx, 'queries', (q) => q.pid);
    return ctx.services.history.read('unloads').map((u) => ({
      userid: u.userid,
      query: u.query,
      slice: u.slice,
      pid: u.pid ?? pids.get(u.query) ?? null,
      path: u.path,
      start_time: u.startMicros,
      end_time: u.endMicros,
      line_count: u.lines,
      transfer_size: u.bytes,
      file_format: u.format ?? null,
    }));
  },
});
