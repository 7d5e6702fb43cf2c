/**
 * Folders as the store walks them: keys of the files below one in key order, and removing folders without files. A link
 * counts as the file it leads to while that lies in the bucket.
 */
import { readdir, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { inside } from './key-path.ts';

export const codeOf = (e: unknown): string => (e as NodeJS.ErrnoException).code ?? '';
export const isMissing = (e: unknown): boolean => ['ENOENT', 'ENOTDIR', 'EISDIR'].includes(codeOf(e));
/** As S3 orders keys: by their bytes in UTF-8. */
export const compareKeys = (a: string, b: string): number =>
  /[\ud800-\udfff]/.test(a + b) ? Buffer.compare(Buffer.from(a), Buffer.from(b)) : a < b ? -1 : a > b ? 1 : 0;

/** Keys below `folder` in key order, with `prefix`; folders that end before `after` are not entered. */
export async function* keysBelow(
  base: string,
  folder: string,
  prefix: string,
  after: string,
  shallow: boolean,
): AsyncGenerator<string> {
  const entries = await readdir(join(base, folder), { withFileTypes: true }).catch((e: unknown) => {
    if (isMissing(e)) return [];
    throw e;
  });
  const names: string[] = [];
  for (const entry of entries) {
    let directory = entry.isDirectory();
    if (entry.isSymbolicLink()) {
      const path = join(base, folder, entry.name);
      const s = await stat(path).catch(() => undefined);
      if (s === undefined || !inside(base, path)) continue;
      directory = s.isDirectory();
      // A link to a folder could lead in circles.
      if (directory) continue;
    } else if (!directory && !entry.isFile()) continue;
    names.push(folder + entry.name + (directory ? '/' : ''));
  }
  for (const name of names.sort(compareKeys)) {
    if (!name.endsWith('/')) {
      if (name.startsWith(prefix)) yield name;
    } else if (name.startsWith(prefix) || prefix.startsWith(name)) {
      if (compareKeys(name, after) < 0 && !after.startsWith(name)) continue;
      if (shallow && name.length > prefix.length) {
        // Only whether the folder holds an object matters: its common prefix is the folder.
        for await (const key of keysBelow(base, name, prefix, '', false)) {
          yield key;
          break;
        }
      } else yield* keysBelow(base, name, prefix, after, shallow);
    }
  }
}

/** Removes a folder in which nothing is but folders; false when there is something else. */
export async function removeFolders(folder: string): Promise<boolean> {
  const entries = await readdir(folder, { withFileTypes: true });
  if (entries.some((e) => !e.isDirectory())) return false;
  for (const { name } of entries) if (!(await removeFolders(join(folder, name)))) return false;
  return rmdir(folder).then(
    () => true,
    (e: unknown) => {
      if (['ENOTEMPTY', 'EEXIST'].includes(codeOf(e))) return false;
      throw e;
    },
  );
}
