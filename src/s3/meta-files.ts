/**
 * Metadata of objects that are plain files, in `.slicehouse-meta/<bucket>/<hash of the key>/<size>-<mtime>`: a state of
 * the file names its metadata, so that bytes never meet another's. It is written before the file is put in place; what a
 * file was that a user has replaced goes with the next write. The store gives every file it writes a time of change of its own.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HIDDEN } from './key-path.ts';
import type { ObjectMeta } from './object-details.ts';

export interface FileState {
  readonly size: number;
  readonly mtimeMs: number;
}
/** As it is kept: nobody may have asked for the ETag yet. */
export type KeptMeta = Omit<ObjectMeta, 'etag'> & Partial<Pick<ObjectMeta, 'etag'>>;
export const hashOfKey = (key: string): string => createHash('sha256').update(key).digest('hex');
const nameOf = (state: FileState): string => `${state.size}-${state.mtimeMs}`;

/** Replaces a small file at once: nobody reads half of it. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}~`;
  try {
    await writeFile(temporary, text);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
/** A file of JSON; undefined when it is missing or damaged. */
export async function readJson<T>(path: string): Promise<T | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  try {
    return text === undefined ? undefined : (JSON.parse(text) as T);
  } catch {
    return undefined;
  }
}

export class MetaFiles {
  constructor(private readonly root: string) {}
  read(bucket: string, key: string, state: FileState): Promise<KeptMeta | undefined> {
    return readJson<KeptMeta>(join(this.folder(bucket, key), nameOf(state)));
  }
  /** Of which keys there is any, by the hash of the key. */
  async kept(bucket: string): Promise<ReadonlySet<string>> {
    return new Set(await readdir(join(this.root, `${HIDDEN}-meta`, bucket)).catch(() => []));
  }
  async write(bucket: string, key: string, state: FileState, meta: KeptMeta): Promise<void> {
    const folder = this.folder(bucket, key);
    await mkdir(folder, { recursive: true });
    await writeWhole(join(folder, nameOf(state)), JSON.stringify(meta));
  }
  /** Forgets what belonged to earlier states. */
  async keepOnly(bucket: string, key: string, state: FileState): Promise<void> {
    const folder = this.folder(bucket, key);
    for (const name of await readdir(folder).catch(() => []))
      if (name !== nameOf(state)) await rm(join(folder, name), { force: true });
  }
  remove(bucket: string, key: string): Promise<void> {
    return rm(this.folder(bucket, key), { recursive: true, force: true });
  }
  removeBucket(bucket: string): Promise<void> {
    return rm(join(this.root, `${HIDDEN}-meta`, bucket), { recursive: true, force: true });
  }
  private folder(bucket: string, key: string): string {
    return join(this.root, `${HIDDEN}-meta`, bucket, hashOfKey(key));
  }
}
