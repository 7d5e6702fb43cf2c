/**
 * SYS_LOAD_DETAIL: every file that COPY read, its ranges together. The ETag of a file in a folder is there once somebody
 * has asked the S3 port for it.
 */
import { scannedName, type FileScanRecord } from '../history/types.ts';
import { columns, systemView } from './define.ts';
import { seesAllRows } from './sight.ts';

/** 1970 to 2000, microseconds. */
const EPOCH_MICROS = 946_684_800_000_000n;
interface File {
  readonly first: FileScanRecord;
  bytes: number;
  lines: number;
  splits: number;
  start: bigint;
  end: bigint;
}

export default systemView({
  name: 'sys_load_detail',
  schema: 'pg_catalog',
  doc: 'every file that COPY read, its ranges together.',
  visibleTo: 'accessible',
  columns: columns(`
    user_id integer, query_id integer, file_name character(256), bytes_scanned integer, lines_scanned integer,
    record_time timestamp, splits_scanned integer, start_time timestamp, end_time timestamp,
    file_etag character(256), file_last_modified timestamp
  `),
  rows: async (ctx) => {
    const { user, cancelSignal } = ctx.session;
    const files = new Map<string, File>();
    await ctx.services.history.read('fileScans').each((f) => {
      if (!seesAllRows(ctx) && f.userid !== user.oid) return;
      const name = `${f.query} ${scannedName(f)}`;
      const file: File = files.get(name) ?? {
        first: f,
        bytes: 0,
        lines: 0,
        splits: 0,
        start: f.startMicros,
        end: f.endMicros,
      };
      file.bytes += f.objectBytes;
      file.lines += f.lines;
      file.splits += 1;
      if (f.startMicros < file.start) file.start = f.startMicros;
      if (f.endMicros > file.end) file.end = f.endMicros;
      files.set(name, file);
    }, cancelSignal);
    return [...files.values()].map(({ first, bytes, lines, splits, start, end }) => ({
      user_id: first.userid,
      query_id: first.query,
      file_name: scannedName(first),
      bytes_scanned: Math.min(bytes, 2 ** 31 - 1),
      lines_scanned: Math.min(lines, 2 ** 31 - 1),
      record_time: end,
      splits_scanned: splits,
      start_time: start,
      end_time: end,
      file_etag: first.etag?.replaceAll('"', '') ?? null,
      file_last_modified:
        first.source === undefined ? BigInt(Math.round(first.modifiedMs * 1000)) - EPOCH_MICROS : null,
    }));
  },
});
