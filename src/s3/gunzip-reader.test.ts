/** Gunzip over a reader: levels, strategies, any piece sizes, concatenated members cut anywhere, damage. */
import { constants, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { Prng } from '../common/prng.ts';
import { trials } from '../common/test-trials.ts';
import { gunzipReader } from './gunzip-reader.ts';

async function gunzip(data: Uint8Array, piece: number, room = 5000): Promise<Buffer> {
  let at = 0;
  const reader = gunzipReader({
    read: (into) => {
      const n = Math.min(into.length, piece, data.length - at);
      into.set(data.subarray(at, at + n));
      at += n;
      return Promise.resolve(n);
    },
    close: () => Promise.resolve(),
  });
  const parts: Buffer[] = [];
  try {
    for (;;) {
      const into = Buffer.from(new SharedArrayBuffer(room));
      const n = await reader.read(into);
      if (n === 0) return Buffer.concat(parts);
      parts.push(Buffer.from(into.subarray(0, n)));
    }
  } finally {
    await reader.close();
  }
}
const text = (size: number): Buffer => {
  const prng = new Prng(9);
  return Buffer.from(Array.from({ length: size }, () => `${prng.int(0, 99_999)}|x\n`).join(''));
};

test('levels, strategies and piece sizes', async () => {
  const prng = new Prng(42);
  const data = text(3000);
  for (let round = 0; round < trials(30); round++) {
    const zip = gzipSync(data, {
      level: prng.int(0, 9),
      strategy: prng.pick([0, constants.Z_FIXED, constants.Z_HUFFMAN_ONLY, constants.Z_RLE]),
      memLevel: prng.int(1, 9),
    });
    const back = await gunzip(zip, prng.pick([13, 1000, 1 << 20]), prng.pick([7, 65536, 1 << 20]));
    expect(back.equals(data), `round ${round}`).toBe(true);
  }
  const blank = Buffer.alloc(30_000_000);
  expect((await gunzip(gzipSync(blank, { level: 9 }), 1 << 20, 1 << 20)).equals(blank)).toBe(true);
});
test('concatenated members, wherever the pieces are cut', async () => {
  const parts = ['first\n', '', 'second\n'.repeat(50), 'third'].map((t) => Buffer.from(t));
  const zip = Buffer.concat(parts.map((p) => gzipSync(p)));
  for (let piece = 1; piece <= zip.length; piece++)
    expect((await gunzip(zip, piece)).equals(Buffer.concat(parts)), `${piece}`).toBe(true);
});
test('damage is an error', async () => {
  const zip = gzipSync(text(5000));
  for (const cut of [1, 9, 100, zip.length - 100])
    await expect(gunzip(zip.subarray(0, zip.length - cut), 1000), `${cut}`).rejects.toThrow(/corrupt/);
  await expect(gunzip(Buffer.from('1|2|3\n'), 100)).rejects.toThrow(/corrupt: not a gzip file/);
  await expect(gunzip(Buffer.alloc(0), 100)).rejects.toThrow(/corrupt: the file is empty/);
  const prng = new Prng(5);
  for (let i = 0; i < 100; i++) {
    const bad = Buffer.from(zip);
    const at = prng.int(12, zip.length - 1);
    bad[at] = bad[at]! ^ (1 << prng.int(0, 7));
    await expect(gunzip(bad, 1000), `flip at ${at}`).rejects.toThrow(/corrupt/);
  }
});
