/**
 * Objects that were written and wait under a name of their own: placing them, and clearing up after those that were given
 * up. Used by the leader, once every row is written or when the statement has failed.
 */
import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { HIDDEN, S3Error, objectPath } from './key-path.ts';

export const temporaryFolder = (root: string): string => join(root, `${HIDDEN}-tmp`);

/** Makes a sealed file the object of that key. */
export function placeSealed(root: string, bucket: string, key: string, temporary: string): void {
  const path = objectPath(root, bucket, key);
  try {
    mkdirSync(dirname(path), { recursive: true });
    renameSync(join(temporaryFolder(root), temporary), path);
  } catch (e) {
    if (!['EEXIST', 'ENOTDIR', 'EISDIR', 'ENOTEMPTY'].includes((e as NodeJS.ErrnoException).code ?? '')) throw e;
    throw new S3Error(
      'InvalidRequest',
      409,
      'A key cannot be an object and a folder of objects at once in this store',
    );
  }
}
/** Removes every temporary file of one token. */
export function dropTemporary(root: string, token: string): void {
  let names: string[];
  try {
    names = readdirSync(temporaryFolder(root));
  } catch {
    return;
  }
  for (const name of names) if (name.startsWith(token)) rmSync(join(temporaryFolder(root), name), { force: true });
}
