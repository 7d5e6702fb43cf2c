/**
 * STL_LOAD_COMMITS: files that COPY read. Columns nobody measures here are NULL and listed in `unknown`.
 */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'stl_load_commits',
  schema: 'pg_catalog',
  doc: 'files that COPY read.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, query integer, slice integer, name character(256), filename character(256),
    byte_offset integer, lines_scanned integer, errors integer, curtime timestamp, status integer,
    file_format character(16), is_partial integer, start_offset bigint, copy_job_id bigint
  `),
  unknown: ['name', 'byte_offset', 'file_format', 'is_partial', 'start_offset'],
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
      copy_job_id: -1,
    })),
});
