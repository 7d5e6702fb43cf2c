/**
 * SYS_LOAD_HISTORY: every COPY, those that run now included. loaded_bytes counts what files hold unpacked,
 * file_bytes_scanned what was read of them as they are stored.
 */
import { Sequence } from '../../common/sequence.ts';
import { pieceName } from '../../formats/load-work.ts';
import type { LoadRecord } from '../history/types.ts';
import { columns, systemView, type SystemRow } from './define.ts';
import { seesAllRows } from './sight.ts';
import { loadsRunning } from './transfer-rows.ts';

const row = (l: Omit<LoadRecord, 'status'>, status: string): SystemRow => ({
  user_id: l.userid,
  query_id: l.query,
  transaction_id: l.xid,
  session_id: l.pid,
  database_name: l.database,
  status,
  table_name: l.tableName,
  start_time: l.startMicros,
  end_time: status === 'running' ? null : l.endMicros,
  duration: l.endMicros - l.startMicros,
  data_source: l.source,
  file_format: l.format,
  loaded_rows: l.rows,
  loaded_bytes: l.bytes,
  source_file_count: l.sourceFiles,
  source_file_bytes: l.sourceBytes,
  file_count_scanned: l.scannedFiles,
  file_bytes_scanned: l.scannedBytes,
  error_count: l.errors,
  copy_job_id: l.copyJob ?? -1,
});

export default systemView({
  name: 'sys_load_history',
  schema: 'pg_catalog',
  doc: 'every COPY, those that run now included.',
  visibleTo: 'accessible',
  columns: columns(`
    user_id integer, query_id bigint, transaction_id bigint, session_id integer, database_name text, status text,
    table_name text, start_time timestamp, end_time timestamp, duration bigint, data_source text, file_format text,
    loaded_rows bigint, loaded_bytes bigint, source_file_count integer, source_file_bytes bigint,
    file_count_scanned integer, file_bytes_scanned bigint, error_count bigint, copy_job_id bigint
  `),
  rows: async (ctx) => {
    const { user } = ctx.session;
    const endMicros = ctx.services.clock.nowMicros();
    const running = (await loadsRunning(ctx)).map(({ load, query, slices }) => {
      const pieces = slices.flatMap((s) => s.pieces.map((p) => ({ ...p, slice: s.slice })));
      const sum = (count: (p: (typeof pieces)[number]) => number): number => pieces.reduce((n, p) => n + count(p), 0);
      const files = slices.flatMap((s) => s.pieces.map((_, i) => load.work.get(s.slice)![i]!));
      const progress = {
        rows: sum((p) => p.rows),
        bytes: sum((p) => p.bytes),
        scannedFiles: new Set(files.map(pieceName)).size,
        scannedBytes: sum((p) => p.objectBytes),
        errors: sum((p) => p.errors),
      };
      return row({ ...load, query, endMicros, ...progress }, 'running');
    });
    const { history } = ctx.services;
    return new Sequence(function* () {
      for (const l of history.read('loads')) if (seesAllRows(ctx) || l.userid === user.oid) yield row(l, l.status);
      yield* running;
    });
  },
});
