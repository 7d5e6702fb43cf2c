/** The gunzip decoder against node:zlib: levels, strategies, members, sizes, damage. */
import { constants, deflateRawSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { Prng } from '../common/prng.ts';
import { Gunzip } from './inflate.ts';
import { trials } from '../common/test-trials.ts';

function gunzip(data: Uint8Array, inputPiece = 1 << 20, outputPiece = 1 << 16): Buffer {
  let at = 0;
  const stream = new Gunzip((into) => {
    const n = Math.min(into.length, inputPiece, data.length - at);
    into.set(data.subarray(at, at + n));
    at += n;
    return n;
  });
  const parts: Buffer[] = [];
  for (;;) {
    const into = Buffer.alloc(outputPiece);
    const n = stream.read(into);
    if (n === 0) return Buffer.concat(parts);
    parts.push(into.subarray(0, n));
  }
}
function sample(prng: Prng, size: number, alphabet: number): Buffer {
  const data = Buffer.alloc(size);
  for (let i = 0; i < size; i++) {
    if (i > 300 && prng.int(0, 30) === 0) {
      const n = Math.min(prng.int(3, 300), size - i);
      const from = Math.max(0, i - prng.int(1, 32768));
      for (let k = 0; k < n; k++) data[i + k] = data[from + k]!;
      i += n - 1;
    } else data[i] = prng.int(0, alphabet);
  }
  return data;
}

test('agrees with zlib for levels, strategies and piece sizes', () => {
  const prng = new Prng(42);
  for (let round = 0; round < trials(60); round++) {
    const data = sample(prng, prng.int(0, round % 10 === 0 ? 900_000 : 40_000), prng.pick([1, 9, 40, 255]));
    const zip = gzipSync(data, {
      level: prng.int(0, 9),
      strategy: prng.pick([0, constants.Z_FIXED, constants.Z_HUFFMAN_ONLY, constants.Z_RLE]),
      memLevel: prng.int(1, 9),
    });
    const back = gunzip(zip, prng.pick([1, 13, 1000, 1 << 20]), prng.pick([7, 65536, 1 << 20]));
    expect(back.equals(data), `round ${round}`).toBe(true);
  }
});
test('concatenated members are one stream', () => {
  const parts = ['first\n', '', 'second\n'.repeat(100_000), 'third'].map((t) => Buffer.from(t));
  expect(gunzip(Buffer.concat(parts.map((p) => gzipSync(p)))).equals(Buffer.concat(parts))).toBe(true);
});
test('damage is an error, never wrong data', () => {
  const data = sample(new Prng(3), 50_000, 60);
  const zip = gzipSync(data);
  expect(() => gunzip(zip.subarray(0, zip.length - 9))).toThrow(/corrupt/);
  expect(() => gunzip(Buffer.from('1|2|3\n'))).toThrow(/not a gzip file/);
  expect(() => gunzip(Buffer.alloc(0))).toThrow(/empty/);
  const prng = new Prng(5);
  for (let i = 0; i < 200; i++) {
    const bad = Buffer.from(zip);
    const at = prng.int(12, zip.length - 1);
    bad[at] = bad[at]! ^ (1 << prng.int(0, 7));
    expect(() => gunzip(bad), `flip at ${at}`).toThrow(/corrupt/);
  }
  expect(deflateRawSync(data).length).toBeLessThan(data.length);
});
