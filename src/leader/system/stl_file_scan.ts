/**
 * STL_FILE_SCAN: files, or ranges of files, that slices read for COPY, whatever became of the load.
 */
import { scannedName } from '../history/types.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'stl_file_scan',
  schema: 'pg_catalog',
  doc: 'files, or ranges of files, that slices read for COPY.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, query integer, slice integer, name character(90), lines bigint, bytes bigint,
    loadtime bigint, curtime timestamp, is_partial integer, start_offset bigint, copy_job_id bigint
  `),
  rows: (ctx) =>
    ctx.services.history.read('fileScans').map((f) => ({
      userid: f.userid,
      query: f.query,
      slice: f.slice,
      name: scannedName(f),
      lines: f.lines,
      bytes: f.bytes,
      loadtime: f.endMicros - f.startMicros,
      curtime: f.endMicros,
      is_partial: Number(f.isPartial),
      start_offset: f.startOffset,
      copy_job_id: f.copyJob ?? -1,
    })),
});
