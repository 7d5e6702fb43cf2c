/** Jobs of COPY ... JOB CREATE; one goes with its table. */
import { duplicateCopyJob, undefinedCopyJob } from '../../../common/errors/catalogue.ts';
import type { CopyJobObject } from '../objects.ts';
import type { ObjectClass } from './define.ts';

export const copyJob: ObjectClass<CopyJobObject> = {
  kinds: { 'copy job': {} },
  noun: 'copy job',
  uniqueIn: 'database',
  catalog: { name: 'sys_copy_job', oid: 4801 },
  owned: true,
  duplicate: duplicateCopyJob,
  missing: undefinedCopyJob,
  belongsTo: (job) => ({ class: 'relation', oid: job.table }),
};
