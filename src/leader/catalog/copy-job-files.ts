/** The files of a job of COPY. */
import type { CopyJobFile, CopyJobFilesObject, CopyJobObject } from './objects.ts';

/** Files the job has loaded or given up. */
export const filesOf = (groups: Iterable<CopyJobFilesObject>, job: Pick<CopyJobObject, 'oid'>): CopyJobFile[] =>
  [...groups].flatMap((group) => (group.job === job.oid ? group.files : []));
