/**
 * Which files a job of COPY has still to load: those below its prefix that neither lay there before the job, as they are
 * now, nor were loaded or given up by it, told by their names as Redshift does.
 */
import { parseS3Url, type ObjectStore } from '../../s3/object-store.ts';
import { filesOf } from '../catalog/copy-job-files.ts';
import type { CopyJobFilesObject, CopyJobObject } from '../catalog/objects.ts';
import { asRedshift, type SourceObject } from './sources.ts';

/** Files that one run of a job loads; those left over are the next one's. */
export const COPY_JOB_FILES_MAX = 1_000;

/** What lies below a prefix; folders that the console of S3 makes are no files. */
async function listed(store: ObjectStore, source: string): Promise<readonly SourceObject[]> {
  const { bucket, key: prefix } = parseS3Url(source)!;
  const context = `Listing bucket=${bucket} prefix=${prefix}`;
  const { objects } = await asRedshift(context, () => store.list(bucket, { prefix }));
  return objects
    .filter(({ key, size }) => !(key.endsWith('/') && size === 0))
    .map(({ key, size, modifiedMs, etag }) => ({ bucket, key, size, modifiedMs, etag }));
}

export async function newFiles(
  store: ObjectStore,
  groups: Iterable<CopyJobFilesObject>,
  job: CopyJobObject,
): Promise<readonly SourceObject[]> {
  const done = new Set(filesOf(groups, job).map((f) => f.key));
  const files = await listed(store, job.source);
  return files.filter((f) => !done.has(f.key) && job.before[f.key] !== f.modifiedMs);
}
