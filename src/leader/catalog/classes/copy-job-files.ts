/** What jobs of COPY have loaded; it goes with its job. Nobody names it: its name is its oid. */
import { duplicateCopyJob, undefinedCopyJob } from '../../../common/errors/catalogue.ts';
import type { CopyJobFilesObject } from '../objects.ts';
import type { ObjectClass } from './define.ts';

export const copyJobFiles: ObjectClass<CopyJobFilesObject> = {
  kinds: { 'copy job files': {} },
  noun: 'files of copy job',
  uniqueIn: 'database',
  catalog: { name: 'sys_copy_job_detail', oid: 4802 },
  owned: false,
  duplicate: duplicateCopyJob,
  missing: undefinedCopyJob,
  belongsTo: (files) => ({ class: 'copy-job', oid: files.job }),
};
