/**
 * Objects whose key no file can hold at its path: `a//b`, `dir/`, a key beside a folder of the same name, a part of more
 * than 255 bytes, `..`. In `.slicehouse-side/<bucket>/`, a record of JSON named by the key's hash holds key and metadata
 * and names its file of bytes in `data/`; renaming the record into place is the change. Used by store.ts and folder-io.ts.
 */
import { randomBytes } from 'node:crypto';
import { link, mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HIDDEN, preconditionFailed } from './key-path.ts';
import { hashOfKey, readJson, writeWhole } from './meta-files.ts';
import type { ObjectMeta } from './object-details.ts';

export interface SideRecord extends ObjectMeta {
  readonly key: string;
  readonly size: number;
  readonly modifiedMs: number;
  /** Name of the file of bytes. */
  readonly data: string;
}
const RECORD = /^[0-9a-f]{64}$/;
const codeOf = (e: unknown): string => (e as NodeJS.ErrnoException).code ?? '';

export class SideStore {
  /** Keys by the name of their record, which never changes: a listing reads new records only. */
  private readonly keys = new Map<string, Map<string, string>>();
  constructor(private readonly root: string) {}

  get(bucket: string, key: string): Promise<SideRecord | undefined> {
    return readJson<SideRecord>(join(this.folder(bucket), hashOfKey(key)));
  }
  dataPath(bucket: string, record: SideRecord): string {
    return join(this.folder(bucket), 'data', record.data);
  }
  /** Takes the file `temporary` as the object's bytes. */
  async put(
    bucket: string,
    temporary: string,
    record: Omit<SideRecord, 'data'>,
    onlyNew: boolean,
  ): Promise<SideRecord> {
    const folder = this.folder(bucket);
    await mkdir(join(folder, 'data'), { recursive: true });
    const made: SideRecord = { ...record, data: randomBytes(16).toString('hex') };
    await rename(temporary, this.dataPath(bucket, made));
    const before = await this.get(bucket, record.key);
    try {
      await this.write(bucket, made, onlyNew);
    } catch (error) {
      await rm(this.dataPath(bucket, made), { force: true });
      throw codeOf(error) === 'EEXIST' ? preconditionFailed() : error;
    }
    if (before !== undefined) await rm(this.dataPath(bucket, before), { force: true });
    return made;
  }
  /** Other metadata for the same bytes. */
  async update(bucket: string, record: SideRecord): Promise<void> {
    await this.write(bucket, record, false);
  }
  private async write(bucket: string, record: SideRecord, onlyNew: boolean): Promise<void> {
    const path = join(this.folder(bucket), hashOfKey(record.key));
    if (!onlyNew) return writeWhole(path, JSON.stringify(record));
    const temporary = `${path}.${randomBytes(6).toString('hex')}~`;
    try {
      await writeFile(temporary, JSON.stringify(record));
      await link(temporary, path);
    } finally {
      await rm(temporary, { force: true });
    }
  }
  async remove(bucket: string, key: string): Promise<void> {
    const record = await this.get(bucket, key);
    if (record === undefined) return;
    await rm(join(this.folder(bucket), hashOfKey(key)), { force: true });
    await rm(this.dataPath(bucket, record), { force: true });
  }
  /** All keys, in no order. */
  async list(bucket: string): Promise<readonly string[]> {
    const names = (await readdir(this.folder(bucket)).catch(() => [])).filter((n) => RECORD.test(n));
    const before = this.keys.get(bucket);
    const now = new Map<string, string>();
    for (const name of names) {
      const key = before?.get(name) ?? (await readJson<SideRecord>(join(this.folder(bucket), name)))?.key;
      if (key !== undefined) now.set(name, key);
    }
    if (now.size === 0) this.keys.delete(bucket);
    else this.keys.set(bucket, now);
    return [...now.values()];
  }
  /** What is left of a bucket without objects; one that was put meanwhile stays. */
  async removeBucket(bucket: string): Promise<void> {
    this.keys.delete(bucket);
    if ((await this.list(bucket)).length > 0) return;
    await rm(join(this.folder(bucket), 'data'), { recursive: true, force: true });
    await rmdir(this.folder(bucket)).catch(() => undefined);
  }
  private folder(bucket: string): string {
    return join(this.root, `${HIDDEN}-side`, bucket);
  }
}
