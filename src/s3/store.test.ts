/**
 * Changes of objects beside each other: a condition is tested when the object is put in place, metadata belongs to the bytes
 * it lies beside, a reader reads one state, and folders that vanish with their last object take no other object along.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { LocalObjectStore } from './store.ts';

const root = mkdtempSync(join(tmpdir(), 'slicehouse-store-'));
afterAll(() => rmSync(root, { recursive: true }));
let store: LocalObjectStore;
let bucket = '';
let count = 0;
beforeEach(async () => {
  store = new LocalObjectStore(root);
  bucket = `lake${count++}`;
  await store.createBucket(bucket);
});
const etagOf = (body: string): string => `"${createHash('md5').update(body).digest('hex')}"`;
const bytes = (body: string): Uint8Array => new TextEncoder().encode(body);
/** A body whose last bytes come when `release` is called. */
function slowBody(body: string): { readonly stream: AsyncIterable<Uint8Array>; release(): void } {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  async function* stream(): AsyncGenerator<Uint8Array> {
    yield bytes(body.slice(0, 1));
    await released;
    yield bytes(body.slice(1));
  }
  return { stream: stream(), release };
}
const codes = (results: readonly PromiseSettledResult<unknown>[]): string[] =>
  results.map((r) => (r.status === 'fulfilled' ? 'made' : String((r.reason as { code?: string }).code))).sort();

test('of writers that ask for a new object, however their bodies come, exactly one succeeds', async () => {
  const slow = slowBody('first');
  const first = store.put(bucket, 'a/one', slow.stream, { onlyNew: true });
  await store.put(bucket, 'a/one', bytes('second'), { onlyNew: true });
  slow.release();
  await expect(first).rejects.toMatchObject({ code: 'PreconditionFailed', status: 412 });
  expect(String(await store.read(bucket, 'a/one'))).toBe('second');
  const bodies = Array.from({ length: 16 }, (_, i) => slowBody(`body ${i}`));
  const puts = bodies.map((b) => store.put(bucket, 'race', b.stream, { onlyNew: true }));
  for (const b of bodies) b.release();
  const results = await Promise.allSettled(puts);
  expect(codes(results)).toEqual([...Array<string>(15).fill('PreconditionFailed'), 'made']);
  const winner = results.findIndex((r) => r.status === 'fulfilled');
  expect(String(await store.read(bucket, 'race'))).toBe(`body ${winner}`);
  // What was refused leaves nothing behind.
  expect(readdirSync(join(root, '.slicehouse-tmp'))).toEqual([]);
});
test('a file that another program put there counts; so does a folder', async () => {
  const slow = slowBody('ours');
  const put = store.put(bucket, 'dropped', slow.stream, { onlyNew: true });
  writeFileSync(join(root, bucket, 'dropped'), 'theirs');
  slow.release();
  await expect(put).rejects.toMatchObject({ code: 'PreconditionFailed' });
  await store.put(bucket, 'folder/', bytes(''), { onlyNew: true });
  await expect(store.put(bucket, 'folder/', bytes(''), { onlyNew: true })).rejects.toMatchObject({ status: 412 });
  await expect(store.put(bucket, 'folder', bytes('x'), { onlyNew: true })).rejects.toMatchObject({ status: 409 });
  await expect(store.put(bucket, 'dropped/', bytes(''))).rejects.toMatchObject({ status: 409 });
  await expect(store.put(bucket, 'dropped/below', bytes('x'))).rejects.toMatchObject({ status: 409 });
});
test('a bucket that is a link is not deleted, nor what it leads to', async () => {
  const outside = mkdtempSync(join(tmpdir(), 'slicehouse-outside-'));
  mkdirSync(join(outside, 'empty'));
  symlinkSync(outside, join(root, 'linked'));
  await expect(store.deleteBucket('linked')).rejects.toMatchObject({ code: 'AccessDenied' });
  expect(readdirSync(outside)).toEqual(['empty']);
  rmSync(join(root, 'linked'));
  rmSync(outside, { recursive: true });
});
test('bytes for a key that ends with / are refused, not dropped', async () => {
  await expect(store.put(bucket, 'folder/', bytes('data'))).rejects.toMatchObject({ status: 409 });
});
test('the ETag is that of the bytes, whichever of many writers was last', async () => {
  for (let round = 0; round < 20; round++) {
    const bodies = Array.from({ length: 8 }, (_, i) => `${round} ${i}`);
    const made = await Promise.all(bodies.map((b) => store.put(bucket, 'k', bytes(b), { metadata: { b } })));
    expect(made.map((m) => m.etag)).toEqual(bodies.map(etagOf));
    const object = await store.open(bucket, 'k');
    const body = await text(object.stream(0, object.info.size));
    expect(object.info).toMatchObject({ etag: etagOf(body), metadata: { b: body } });
  }
});
test('a reader reads the state it opened', async () => {
  await store.put(bucket, 'k', bytes('old'));
  const object = await store.open(bucket, 'k');
  await store.put(bucket, 'k', bytes('newer'));
  expect([object.info.etag, await text(object.stream(0, object.info.size))]).toEqual([etagOf('old'), 'old']);
});
test('objects put while others of their folder, or the bucket, are deleted are there or refused', async () => {
  for (let round = 0; round < 30; round++) {
    await store.put(bucket, 'f/g/gone', bytes('x'));
    const puts = Array.from({ length: 6 }, (_, i) => store.put(bucket, `f/g/${i}`, bytes(`${i}`)));
    await Promise.all([store.delete(bucket, 'f/g/gone'), ...puts]);
    for (let i = 0; i < 6; i++) {
      expect(String(await store.read(bucket, `f/g/${i}`))).toBe(`${i}`);
      await store.delete(bucket, `f/g/${i}`);
    }
  }
  for (let round = 0; round < 30; round++) {
    const name = `bin${count++}`;
    await store.createBucket(name);
    const [put, dropped] = await Promise.allSettled([store.put(name, 'a/b', bytes('x')), store.deleteBucket(name)]);
    if (dropped.status === 'fulfilled') expect(codes([put])).toEqual(['NoSuchBucket']);
    else expect([codes([dropped]), String(await store.read(name, 'a/b'))]).toEqual([['BucketNotEmpty'], 'x']);
  }
});
