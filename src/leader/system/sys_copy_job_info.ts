/** SYS_COPY_JOB_INFO: what went wrong in jobs of COPY: files that could not be loaded, and why a job does not run. */
import { isOwner } from '../catalog/privileges.ts';
import type { CopyJobFile } from '../catalog/objects.ts';
import { columns, systemView } from './define.ts';
import { seesAllRows } from './sight.ts';

const refusal = (f: CopyJobFile): string => `${f.key}: ${f.message ?? ''}`;

export default systemView({
  name: 'sys_copy_job_info',
  schema: 'pg_catalog',
  doc: 'what went wrong in jobs of COPY.',
  visibleTo: 'accessible',
  columns: columns(`
    job_id bigint, job_name character(128), database_name character(128), record_time timestamp,
    message character(512)
  `),
  rows: (ctx) =>
    ctx.catalog
      .objects('copy-job')
      .filter((job) => isOwner(ctx.session.user, job) || seesAllRows(ctx))
      .flatMap((job) => {
        const groups = ctx.catalog.objects('copy-job-files').filter((group) => group.job === job.oid);
        const messages = groups.flatMap(({ timeMicros, files }) =>
          files.filter((f) => f.status === 'E').map((f) => ({ timeMicros, message: refusal(f) })),
        );
        const problem = ctx.services.copyJobs.states.get(job.oid)?.problem;
        return [...messages, ...(problem === undefined ? [] : [problem])].map(({ timeMicros, message }) => ({
          job_id: BigInt(job.oid),
          job_name: job.name,
          database_name: ctx.catalog.database.name,
          record_time: timeMicros,
          message: message.slice(0, 512),
        }));
      }),
});
