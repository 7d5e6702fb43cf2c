/**
 * STL_ANALYZE_COMPRESSION: encodings proposed by ANALYZE COMPRESSION or chosen by COPY. Columns nobody measures
 * here are NULL and listed in `unknown`.
 */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'stl_analyze_compression',
  schema: 'pg_catalog',
  doc: 'encodings proposed by ANALYZE COMPRESSION or chosen by COPY.',
  visibleTo: 'superuser',
  columns: columns(`
    userid integer, start_time timestamp, xid bigint, tbl integer, tablename character(128),
    col integer, old_encoding character(15), new_encoding character(15), mode character(14),
    best_compression_encoding character(15), recommended_bytes character(15),
    best_compression_bytes character(15), ndv bigint
  `),
  unknown: ['recommended_bytes', 'best_compression_bytes', 'ndv'],
  rows: (ctx) =>
    ctx.services.history.read('compressions').map((c) => ({
      userid: c.userid,
      start_time: c.timeMicros,
      xid: c.xid ?? null,
      mode: c.mode ?? null,
      tbl: c.tableId,
      tablename: c.tableName,
      col: c.column,
      old_encoding: c.oldEncoding,
      new_encoding: c.newEncoding,
      best_compression_encoding: c.newEncoding,
    })),
});
