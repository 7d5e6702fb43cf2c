/**
 * SYS_COPY_JOB_DETAIL: files of jobs of COPY: what waits (P), was ingested (I) or is in error (E). The ETag of
 * a file that was dropped in is NULL until somebody asked for it over HTTP.
 */
import { parseS3Url } from '../../s3/store.ts';
import { isOwner } from '../catalog/privileges.ts';
import { filesOf } from '../catalog/copy-job-files.ts';
import { columns, systemView } from './define.ts';
import { seesAllRows } from './sight.ts';

export default systemView({
  name: 'sys_copy_job_detail',
  schema: 'pg_catalog',
  doc: 'files of jobs of COPY: what waits, was ingested or is in error.',
  visibleTo: 'accessible',
  oid: 4802,
  columns: columns(`
    user_id integer, database_name text, job_id integer, job_name text, file_location text, file_name text,
    file_size bigint, file_etag text, job_text character(256), modification_time timestamp, enqueue_time timestamp,
    status character(1)
  `),
  rows: (ctx) => {
    const groups = ctx.catalog.objects('copy-job-files');
    return ctx.catalog
      .objects('copy-job')
      .filter((job) => isOwner(ctx.session.user, job) || seesAllRows(ctx))
      .flatMap((job) => {
        const done = filesOf(groups, job);
        const known = new Set(done.map((f) => f.key));
        const pending = (ctx.services.copyJobs.states.get(job.oid)?.pending ?? []).filter((f) => !known.has(f.key));
        return [...done, ...pending.map((f) => ({ ...f, status: 'P' }))].map((f) => ({
          user_id: job.ownerOid,
          database_name: ctx.catalog.database.name,
          job_id: job.oid,
          job_name: job.name,
          file_location: `s3://${parseS3Url(job.source)!.bucket}/`,
          file_name: f.key,
          file_size: BigInt(f.size),
          file_etag: f.etag?.replaceAll('"', '') ?? null,
          job_text: job.text.slice(0, 256),
          modification_time: BigInt(Math.floor(f.modifiedMs)) * 1000n,
          enqueue_time: f.seenMicros,
          status: f.status,
        }));
      });
  },
});
