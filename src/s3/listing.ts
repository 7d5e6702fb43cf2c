/**
 * Listings of the local object store: files in their folders and what is in the side store together, in key order, a page at a
 * time. A bucket of ten thousand files is listed by one look at each folder, one call a file, and metadata is read only where
 * some is kept.
 */
import { statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { S3_SEARCHED_KEYS_TURN } from '../common/limits.ts';
import { compareKeys, keysBelow } from './folders.ts';
import { hashOfKey, type MetaFiles } from './meta-files.ts';
import type { ListOptions, ListResult, ObjectInfo } from './object-store.ts';
import type { SideStore } from './side-store.ts';

/** What is said of a file that was found there: a call that the system answers from memory. */
function fileInfo(key: string, path: string): ObjectInfo | undefined {
  const s = statSync(path, { throwIfNoEntry: false });
  return s?.isFile() === true ? { key, size: s.size, modifiedMs: s.mtimeMs } : undefined;
}

export class Listing {
  constructor(
    private readonly root: string,
    private readonly meta: MetaFiles,
    private readonly side: SideStore,
    private readonly head: (bucket: string, key: string) => Promise<ObjectInfo | undefined>,
  ) {}

  async list(bucket: string, options: ListOptions): Promise<ListResult> {
    const { prefix = '', delimiter = '', after = '', max = Infinity } = options;
    const objects: ObjectInfo[] = [];
    const prefixes: string[] = [];
    let last: string | undefined;
    let next: string | undefined;
    let seen = 0;
    if (max > 0) {
      for await (const { key, path } of this.keysOf(bucket, prefix, after, delimiter === '/')) {
        if ((seen += 1) % S3_SEARCHED_KEYS_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
        const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
        const common = cut < 0 ? undefined : key.slice(0, cut + delimiter.length);
        if (common !== undefined && (common === prefixes[prefixes.length - 1] || compareKeys(common, after) <= 0))
          continue;
        if (common === undefined && compareKeys(key, after) <= 0) continue;
        if (objects.length + prefixes.length >= max) {
          next = last;
          break;
        }
        if (common === undefined) {
          const info = path === undefined ? await this.head(bucket, key) : fileInfo(key, path);
          if (info === undefined) continue;
          objects.push(info);
        } else prefixes.push(common);
        last = common ?? key;
      }
    }
    return { objects: await this.withMeta(bucket, objects), prefixes, next };
  }
  /** Metadata is there before its file: what is read now is of the states that were listed, or of later ones. */
  private async withMeta(bucket: string, objects: readonly ObjectInfo[]): Promise<readonly ObjectInfo[]> {
    const kept = objects.length === 0 ? undefined : await this.meta.kept(bucket);
    if (kept === undefined || kept.size === 0) return objects;
    const out: ObjectInfo[] = [];
    for (const object of objects) {
      const { key, size, modifiedMs: mtimeMs } = object;
      const isKept = object.etag === undefined && kept.has(hashOfKey(key));
      const meta = isKept ? await this.meta.read(bucket, key, { size, mtimeMs }) : undefined;
      out.push(meta === undefined ? object : { ...object, etag: meta.etag, metadata: meta.metadata });
    }
    return out;
  }
  /** Keys of files, with their paths, and of the side store together, each once. */
  private async *keysOf(
    bucket: string,
    prefix: string,
    after: string,
    shallow: boolean,
  ): AsyncGenerator<{ readonly key: string; readonly path?: string }> {
    const folder = join(this.root, bucket);
    const side = (await this.side.list(bucket)).filter((k) => k.startsWith(prefix)).sort(compareKeys);
    let at = 0;
    for await (const key of keysBelow(folder, '', prefix, after, shallow)) {
      for (; at < side.length && compareKeys(side[at]!, key) < 0; at++) yield { key: side[at]! };
      if (side[at] === key) at++;
      yield { key, path: `${folder}${sep}${key}` };
    }
    for (; at < side.length; at++) yield { key: side[at]! };
  }
}
