/** SYS_COPY_JOB: jobs of COPY ... JOB CREATE. Columns nobody measures here are NULL and listed in `unknown`. */
import { isOwner } from '../catalog/privileges.ts';
import { columns, systemView } from './define.ts';
import { seesAllRows } from './sight.ts';

export default systemView({
  name: 'sys_copy_job',
  schema: 'pg_catalog',
  doc: 'jobs of COPY ... JOB CREATE.',
  visibleTo: 'accessible',
  oid: 4801,
  columns: columns(`
    job_id bigint, job_name character(128), iam_role character(128), job_text character(256), is_auto integer,
    on_error_suspend integer
  `),
  unknown: ['on_error_suspend'],
  rows: (ctx) =>
    ctx.catalog
      .objects('copy-job')
      .filter((job) => isOwner(ctx.session.user, job) || seesAllRows(ctx))
      .map((job) => ({
        job_id: BigInt(job.oid),
        job_name: job.name,
        iam_role: job.iamRole.slice(0, 128),
        job_text: job.text.slice(0, 256),
        is_auto: job.auto ? 1 : 0,
      })),
});
