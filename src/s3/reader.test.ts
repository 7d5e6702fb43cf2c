/** The synchronous reader and writer: ranges, gzip of any size, shared memory, nothing left by an abort. */
import { mkdtempSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { openSource, type SourceSpec } from './reader.ts';
import { createObjectWriter } from './writer.ts';

const root = mkdtempSync(join(tmpdir(), 'slicehouse-reader-'));
mkdirSync(join(root, 'bucket/data'), { recursive: true });
afterAll(() => rmSync(root, { recursive: true }));
const spec = (key: string, more: Partial<SourceSpec> = {}): SourceSpec => ({
  root,
  bucket: 'bucket',
  key,
  compression: 'none',
  ...more,
});
function all(s: SourceSpec, piece = 1000): Buffer {
  const source = openSource(s);
  const shared = new Uint8Array(new SharedArrayBuffer(piece));
  const parts: Buffer[] = [];
  for (let n = source.read(shared); n > 0; n = source.read(shared)) parts.push(Buffer.from(shared.slice(0, n)));
  source.close();
  return Buffer.concat(parts);
}

test('plain ranges and gzip into shared memory', () => {
  const text = Array.from({ length: 50_000 }, (_, i) => `${i}|row ${i * 7}\n`).join('');
  writeFileSync(join(root, 'bucket/data/plain'), text);
  writeFileSync(join(root, 'bucket/data/zip.gz'), gzipSync(text));
  expect(all(spec('data/plain')).toString()).toBe(text);
  expect(all(spec('data/plain', { start: 10, end: 5000 }), 7).toString()).toBe(text.slice(10, 5000));
  expect(all(spec('data/zip.gz', { compression: 'gzip' })).toString()).toBe(text);
});
test('missing, outside and damaged objects are errors', () => {
  expect(() => openSource(spec('data/none'))).toThrow(/key does not exist/);
  expect(() => openSource(spec('data'))).toThrow(/key does not exist/);
  expect(() => openSource(spec('../x'))).toThrow(/cannot be stored/);
  expect(() => openSource({ ...spec('data/plain'), bucket: 'nope' })).toThrow(/bucket does not exist/);
  expect(() => all(spec('data/plain', { compression: 'gzip' }))).toThrow(/not a gzip file/);
});
test('the writer puts an object in place at close only', () => {
  const line = Buffer.from('0123456789abcdef\n'.repeat(1000));
  for (const compression of ['none', 'gzip'] as const) {
    const writer = createObjectWriter({ root, bucket: 'bucket', key: `out/${compression}`, compression });
    for (let i = 0; i < 200; i++) writer.write(line);
    expect(() => openSource(spec(`out/${compression}`))).toThrow();
    const size = writer.close();
    const bytes = readFileSync(join(root, `bucket/out/${compression}`));
    expect(bytes.length).toBe(size);
    expect((compression === 'gzip' ? gunzipSync(bytes) : bytes).length).toBe(line.length * 200);
    expect(all(spec(`out/${compression}`, { compression })).length).toBe(line.length * 200);
  }
  const empty = createObjectWriter({ root, bucket: 'bucket', key: 'out/empty.gz', compression: 'gzip' });
  empty.close();
  expect(gunzipSync(readFileSync(join(root, 'bucket/out/empty.gz'))).length).toBe(0);
  const gone = createObjectWriter({ root, bucket: 'bucket', key: 'out/gone', compression: 'none' });
  gone.write(line);
  gone.abort();
  expect(readdirSync(join(root, 'bucket/out')).sort()).toEqual(['empty.gz', 'gzip', 'none']);
  expect(readdirSync(join(root, '.slicehouse-tmp'))).toEqual([]);
});
