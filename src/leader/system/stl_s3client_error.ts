/**
 * STL_S3CLIENT_ERROR: what reading objects for COPY failed with on slices, and over an endpoint (`--s3-endpoint`) also what
 * connections failed with that were made again.
 */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'stl_s3client_error',
  schema: 'pg_catalog',
  doc: 'what reading objects for COPY failed with on slices.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, query integer, sliceid integer, recordtime timestamp, pid integer, http_method character(64),
    bucket character(64), key character(256), error character(1024), is_partial integer, start_offset bigint
  `),
  rows: (ctx) =>
    ctx.services.history.read('readErrors').map((e) => ({
      userid: e.userid,
      query: e.query,
      sliceid: e.slice,
      recordtime: e.timeMicros,
      pid: e.pid,
      http_method: 'GET',
      bucket: e.bucket,
      key: e.key,
      error: e.error.slice(0, 1024),
      is_partial: Number(e.isPartial),
      start_offset: e.startOffset,
    })),
});
