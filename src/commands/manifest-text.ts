/**
 * A manifest for COPY as text: every object mandatory, with its size, and its SHA-256 when that is asked for. COPY verifies
 * both.
 */
import { createHash } from 'node:crypto';
import type { ObjectInfo, ObjectStore } from '../s3/object-store.ts';
import { urlOf } from './objects.ts';

export async function manifestText(
  store: ObjectStore,
  bucket: string,
  objects: readonly ObjectInfo[],
  withSha256: boolean,
): Promise<string> {
  const entries = [];
  for (const { key, size } of objects) {
    const sha256 = withSha256 ? { sha256: await sha256Of(store, bucket, key) } : {};
    entries.push({ url: urlOf({ bucket, key }), mandatory: true, meta: { content_length: size, ...sha256 } });
  }
  return `${JSON.stringify({ entries }, undefined, 2)}\n`;
}
async function sha256Of(store: ObjectStore, bucket: string, key: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of (await store.getStream(bucket, key)) as AsyncIterable<Uint8Array>) hash.update(piece);
  return hash.digest('hex');
}
