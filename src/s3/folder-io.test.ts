/** Object I/O over folders: ranges, gzip of any size, shared memory, parts that are sealed, placed and given up. */
import { execFileSync } from 'node:child_process';
import {
  mkdtempSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { FolderIo } from './folder-io.ts';
import type { ObjectRange } from './object-io.ts';
import { PartWriter, type PartsSpec } from './part-writer.ts';
import { dropTemporary } from './sealed.ts';
import { LocalObjectStore } from './store.ts';

const root = mkdtempSync(join(tmpdir(), 'slicehouse-folder-io-'));
mkdirSync(join(root, 'bucket/data'), { recursive: true });
afterAll(() => rmSync(root, { recursive: true }));
const io = new FolderIo(root);
const range = (key: string, more: Partial<ObjectRange> = {}): ObjectRange => ({
  bucket: 'bucket',
  key,
  start: 0,
  ...(({ size, mtimeMs }) => ({ end: size, state: { size, modifiedMs: mtimeMs } }))(
    statSync(join(root, 'bucket', key), { throwIfNoEntry: false }) ?? { size: 0, mtimeMs: 0 },
  ),
  compression: 'none',
  ...more,
});
async function all(r: ObjectRange, piece = 1000): Promise<Buffer> {
  const reader = await io.open(r);
  const shared = new Uint8Array(new SharedArrayBuffer(piece));
  const parts: Buffer[] = [];
  try {
    for (let n = await reader.read(shared); n > 0; n = await reader.read(shared))
      parts.push(Buffer.from(shared.slice(0, n)));
  } finally {
    await reader.close();
  }
  return Buffer.concat(parts);
}

test('plain ranges and gzip into shared memory', async () => {
  const text = Array.from({ length: 50_000 }, (_, i) => `${i}|row ${i * 7}\n`).join('');
  writeFileSync(join(root, 'bucket/data/plain'), text);
  writeFileSync(join(root, 'bucket/data/zip.gz'), gzipSync(text));
  expect((await all(range('data/plain'))).toString()).toBe(text);
  expect((await all(range('data/plain', { start: 10, end: 5000 }), 7)).toString()).toBe(text.slice(10, 5000));
  expect((await all(range('data/zip.gz', { compression: 'gzip' }))).toString()).toBe(text);
});
test('missing, outside and damaged objects are errors, and what is no file is no object', async () => {
  await expect(all(range('data/none'))).rejects.toThrow(/key does not exist/);
  await expect(all(range('data'))).rejects.toThrow(/key does not exist/);
  await expect(all(range('../x'))).rejects.toThrow(/key does not exist/);
  await expect(all(range('data/plain', { bucket: 'nope' }))).rejects.toThrow(/bucket does not exist/);
  await expect(all(range('data/plain', { compression: 'gzip' }))).rejects.toThrow(/not a gzip file/);
  if (process.platform === 'win32') return;
  execFileSync('mkfifo', [join(root, 'bucket/data/pipe')]);
  await expect(all(range('data/pipe'))).rejects.toThrow(/key does not exist/);
});

test('an object that is not as it was listed is refused, at its start and at its end', async () => {
  const path = join(root, 'bucket/data/changed');
  writeFileSync(path, '0123456789'.repeat(100));
  const listed = range('data/changed');
  const into = new Uint8Array(400);
  for (const change of [() => truncateSync(path, 500), () => utimesSync(path, 1, 1)]) {
    writeFileSync(path, '0123456789'.repeat(100));
    const now = range('data/changed');
    const reader = await io.open(now);
    expect(await reader.read(into)).toBe(400);
    change();
    const rest = async (): Promise<void> => {
      while ((await reader.read(into)) > 0);
    };
    await expect(rest()).rejects.toMatchObject({ code: 'PreconditionFailed', status: 412 });
    await reader.close();
    await expect(all(now)).rejects.toMatchObject({ status: 412 });
  }
  await expect(all(listed)).rejects.toMatchObject({ status: 412 });
});

const parts = (more: Partial<PartsSpec> = {}): PartWriter =>
  new PartWriter(
    io,
    {
      bucket: 'bucket',
      prefix: 'out/',
      parallel: false,
      extension: '',
      compression: 'none',
      maxFileBytes: 1e9,
      header: undefined,
      token: 'test-',
      ...more,
    },
    0,
    () => 0n,
  );
test('parts are objects when they are placed only', async () => {
  const line = Buffer.from('0123456789abcdef\n'.repeat(1000));
  for (const compression of ['none', 'gzip'] as const) {
    const writer = parts({ compression, prefix: `out/${compression}`, header: Buffer.from('h\n') });
    for (let i = 0; i < 200; i++) await writer.write(line, 1000);
    const [part, ...more] = await writer.finish();
    expect(more).toEqual([]);
    await expect(all(range(part!.key))).rejects.toThrow(/key does not exist/);
    await new LocalObjectStore(root).place('bucket', [{ key: part!.key, sealed: part!.temporary }]);
    const bytes = readFileSync(join(root, 'bucket', part!.key));
    expect([part!.bytes, part!.rows]).toEqual([bytes.length, 200_000]);
    const text = compression === 'gzip' ? gunzipSync(bytes) : bytes;
    expect(text.equals(Buffer.from(`h\n${line.toString().repeat(200)}`))).toBe(true);
    expect((await all(range(part!.key, { compression }))).equals(text)).toBe(true);
  }
});
test('a part ends before it is too large; without rows there may be an empty one', async () => {
  const small = parts({ maxFileBytes: 25 });
  for (let i = 0; i < 5; i++) await small.write(Buffer.from('123456789\n'), 1);
  const made = await small.finish(true);
  expect(made.map((p) => [p.key, p.bytes, p.rows])).toEqual([
    ['out/000', 20, 2],
    ['out/001', 20, 2],
    ['out/002', 10, 1],
  ]);
  const [empty] = await parts({ compression: 'gzip' }).finish(true);
  expect(gunzipSync(readFileSync(join(root, '.slicehouse-tmp', empty!.temporary))).length).toBe(0);
  expect(await parts().finish()).toEqual([]);
  dropTemporary(root, 'test-');
});
test('nothing is left of what is given up', async () => {
  const gone = parts({ maxFileBytes: 25 });
  for (let i = 0; i < 5; i++) await gone.write(Buffer.from('123456789\n'), 1);
  expect(readdirSync(join(root, '.slicehouse-tmp'))).toHaveLength(3);
  await gone.abort();
  expect(readdirSync(join(root, '.slicehouse-tmp'))).toEqual([]);
});
