/**
 * STL_LOAD_COMMITS: files, or ranges of files, that COPY loaded. Columns nobody measures here are NULL and listed in `unknown`.
 */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'stl_load_commits',
  schema: 'pg_catalog',
  doc: 'files, or ranges of files, that COPY loaded.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, query integer, slice integer, name character(256), filename character(256),
    byte_offset integer, lines_scanned integer, errors integer, curtime timestamp, status integer,
    file_format character(16), is_partial integer, start_offset bigint, copy_job_id bigint
  `),
  unknown: ['name', 'byte_offset'],
  rows: (ctx) =>
    ctx.services.history.read('loadCommits').map((c) => ({
      userid: c.userid,
      query: c.query,
      slice: c.slice,
      filename: c.filename,
      lines_scanned: c.lines,
      errors: c.errors,
      curtime: c.timeMicros,
      status: c.status,
      file_format: c.format ?? null,
      is_partial: c.isPartial === undefined ? null : Number(c.isPartial),
      start_offset: c.startOffset ?? null,
      copy_job_id: c.copyJob ?? -1,
    })),
});
