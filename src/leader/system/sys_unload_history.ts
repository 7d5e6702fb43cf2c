/**
 * SYS_UNLOAD_HISTORY: every UNLOAD, those that run now included.
 */
import { Sequence } from '../../common/sequence.ts';
import type { UnloadRunRecord } from '../history/types.ts';
import { columns, systemView, type SystemRow } from './define.ts';
import { seesAllRows } from './sight.ts';

const row = (u: Omit<UnloadRunRecord, 'status'>, status: string): SystemRow => ({
  user_id: u.userid,
  query_id: u.query,
  transaction_id: u.xid,
  session_id: u.pid,
  database_name: u.database,
  status,
  start_time: u.startMicros,
  end_time: status === 'running' ? null : u.endMicros,
  duration: u.endMicros - u.startMicros,
  file_format: u.format,
  compression_type: u.compression,
  unloaded_location: u.location,
  unloaded_rows: u.rows,
  unloaded_files_count: u.files,
  unloaded_files_size: u.bytes,
  error_message: u.error,
});

export default systemView({
  name: 'sys_unload_history',
  schema: 'pg_catalog',
  doc: 'every UNLOAD, those that run now included.',
  visibleTo: 'accessible',
  columns: columns(`
    user_id integer, query_id bigint, transaction_id bigint, session_id integer, database_name text, status text,
    start_time timestamp, end_time timestamp, duration bigint, file_format text, compression_type text,
    unloaded_location text, unloaded_rows bigint, unloaded_files_count bigint, unloaded_files_size bigint,
    error_message text
  `),
  rows: (ctx) => {
    const { history, transfers } = ctx.services;
    const { user } = ctx.session;
    const endMicros = ctx.services.clock.nowMicros();
    const none = { rows: 0, files: 0, bytes: 0, error: '' };
    // Objects become visible all together at the end: until then nothing is unloaded.
    const running = transfers
      .list()
      .flatMap((t) =>
        t.kind === 'unload' && t.query !== undefined && (seesAllRows(ctx) || t.userid === user.oid)
          ? [row({ ...t, query: t.query, endMicros, ...none }, 'running')]
          : [],
      );
    return new Sequence(function* () {
      for (const u of history.read('unloadRuns'))
        if (seesAllRows(ctx) || u.userid === user.oid) yield row(u, u.status);
      yield* running;
    });
  },
});
