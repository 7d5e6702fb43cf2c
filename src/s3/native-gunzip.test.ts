/** Gunzip by zlib's engine: any piece sizes, concatenated members cut anywhere, damage. */
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { Prng } from '../common/prng.ts';
import { openGunzip } from './native-gunzip.ts';

function gunzip(data: Uint8Array, piece: number, room = 5000): Buffer {
  let at = 0;
  const reader = openGunzip((into) => {
    const n = Math.min(into.length, piece, data.length - at);
    into.set(data.subarray(at, at + n));
    at += n;
    return n;
  });
  const parts: Buffer[] = [];
  try {
    for (;;) {
      const into = Buffer.from(new SharedArrayBuffer(room));
      const n = reader.read(into);
      if (n === 0) return Buffer.concat(parts);
      parts.push(Buffer.from(into.subarray(0, n)));
    }
  } finally {
    reader.close();
  }
}
const text = (size: number): Buffer => {
  const prng = new Prng(9);
  return Buffer.from(Array.from({ length: size }, () => `${prng.int(0, 99_999)}|x\n`).join(''));
};

test('any piece size gives the same bytes', () => {
  const data = text(30_000);
  const zip = gzipSync(data);
  for (const piece of [1, 7, 1000, 32768]) expect(gunzip(zip, piece).equals(data), `${piece}`).toBe(true);
  const blank = Buffer.alloc(30_000_000);
  expect(gunzip(gzipSync(blank, { level: 9 }), 1 << 20, 1 << 20).equals(blank)).toBe(true);
});
test('concatenated members, wherever the pieces are cut', () => {
  const parts = ['first\n', '', 'second\n'.repeat(50), 'third'].map((t) => Buffer.from(t));
  const zip = Buffer.concat(parts.map((p) => gzipSync(p)));
  for (let piece = 1; piece <= zip.length; piece++)
    expect(gunzip(zip, piece).equals(Buffer.concat(parts)), `${piece}`).toBe(true);
});
test('damage is an error', () => {
  const data = text(5000);
  const zip = gzipSync(data);
  for (const cut of [1, 9, 100, zip.length - 100])
    expect(() => gunzip(zip.subarray(0, zip.length - cut), 1000), `${cut}`).toThrow(/corrupt/);
  expect(() => gunzip(Buffer.from('1|2|3\n'), 100)).toThrow(/corrupt/);
  expect(() => gunzip(Buffer.alloc(0), 100)).toThrow(/corrupt/);
  const prng = new Prng(5);
  for (let i = 0; i < 100; i++) {
    const bad = Buffer.from(zip);
    const at = prng.int(12, zip.length - 1);
    bad[at] = bad[at]! ^ (1 << prng.int(0, 7));
    expect(() => gunzip(bad, 1000), `flip at ${at}`).toThrow(/corrupt/);
  }
});
