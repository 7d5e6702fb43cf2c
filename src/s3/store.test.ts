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
  await store.put(bucket, 'folder', bytes('x'), { onlyNew: true });
  await expect(store.put(bucket, 'folder', bytes('y'), { onlyNew: true })).rejects.toMatchObject({ status: 412 });
});
test('keys that no file can hold lie beside, are listed among the others, and a file at the path wins over them', async () => {
  const odd = [
    'a//b',
    'fd/x',
    'fd',
    'dir/',
    '../up',
    './here',
    'é\u0301/ü',
    'x'.repeat(300),
    `${'k'.repeat(1023)}/`,
    '/',
    '//',
    'ctl\u0001',
  ];
  for (const key of odd) await store.put(bucket, key, bytes(`of ${key}`), { metadata: { key: 'm' } });
  await store.put(bucket, 'fd', bytes('again'));
  const listed = (await store.list(bucket)).objects.map((o) => o.key);
  expect(listed).toEqual([...odd].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
  for (const key of odd) expect(String(await store.read(bucket, key))).toBe(key === 'fd' ? 'again' : `of ${key}`);
  expect(readdirSync(root).filter((n) => !n.startsWith('.slicehouse'))).not.toContain('up');
  // A user puts a file where only the side store held the key.
  rmSync(join(root, bucket, 'fd'), { recursive: true, force: true });
  expect(String(await store.read(bucket, 'fd'))).toBe('again');
  writeFileSync(join(root, bucket, 'fd'), 'dropped');
  expect(String(await store.read(bucket, 'fd'))).toBe('dropped');
  expect((await store.list(bucket)).objects.filter((o) => o.key === 'fd')).toHaveLength(1);
  await store.delete(bucket, 'fd');
  expect(await store.head(bucket, 'fd')).toBeUndefined();
  for (const key of odd) await store.delete(bucket, key);
  expect((await store.list(bucket)).objects).toEqual([]);
  await store.deleteBucket(bucket);
});
test('a key of the side store moves to its path when a file can hold it, and two writers of it never mix', async () => {
  await store.put(bucket, 'p/x', bytes('folder'));
  await store.put(bucket, 'p', bytes('beside'));
  await store.delete(bucket, 'p/x');
  await store.put(bucket, 'p', bytes('plain'));
  expect(readdirSync(join(root, bucket))).toEqual(['p']);
  expect(readdirSync(join(root, '.slicehouse-side', bucket, 'data'))).toEqual([]);
  for (const key of ['p', 'p//q']) {
    const made = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        store.put(bucket, key, bytes(`${i}`.repeat(9)), { metadata: { i: `${i}` } }),
      ),
    );
    const { info, stream, close } = await store.open(bucket, key);
    const body = await text(stream(0, info.size));
    await close();
    expect(made.map((m) => m.etag)).toContain(info.etag);
    expect(info).toMatchObject({ etag: etagOf(body), metadata: { i: body[0] } });
  }
});
test('a file that is dropped in has the ETag of its bytes, computed again when it changes', async () => {
  const path = join(root, bucket, 'dropped');
  writeFileSync(path, 'one');
  expect((await store.details(bucket, 'dropped'))!.etag).toBe(etagOf('one'));
  expect((await store.details(bucket, 'dropped'))!.etag).toBe(etagOf('one'));
  writeFileSync(path, 'two!');
  expect((await store.details(bucket, 'dropped'))!.etag).toBe(etagOf('two!'));
  await store.change(bucket, 'dropped', { tags: [['a', 'b']] });
  expect(await store.details(bucket, 'dropped')).toMatchObject({ etag: etagOf('two!'), tags: [['a', 'b']] });
});
test('a body that breaks off leaves what was there', async () => {
  await store.put(bucket, 'whole', bytes('whole'));
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(bytes('half'));
    throw new RangeError('cut');
  }
  await expect(store.put(bucket, 'whole', broken())).rejects.toThrow('cut');
  await expect(store.put(bucket, 'a//b', broken())).rejects.toThrow('cut');
  expect(String(await store.read(bucket, 'whole'))).toBe('whole');
  expect(await store.head(bucket, 'a//b')).toBeUndefined();
  expect(readdirSync(join(root, '.slicehouse-tmp'))).toEqual([]);
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
