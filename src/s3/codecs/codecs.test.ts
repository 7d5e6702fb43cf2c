/**
 * Codecs over a reader: files of the programs that usually make them, what we pack, any piece sizes, members one after the
 * other, damage.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { constants, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { CodecName } from '../../common/compress/compression.ts';
import { Prng } from '../../common/prng.ts';
import { trials } from '../../common/test-trials.ts';
import { CODECS } from './registry.ts';
import { noTraffic } from '../object-io.ts';
import { unpackedReader } from './unpacked-reader.ts';

async function unpacked(codec: CodecName, data: Uint8Array, piece: number, room = 5000): Promise<Buffer> {
  let at = 0;
  let isOpen = true;
  const raw = {
    traffic: noTraffic(),
    read: (into: Uint8Array) => {
      const n = Math.min(into.length, piece, data.length - at);
      into.set(data.subarray(at, at + n));
      at += n;
      return Promise.resolve(n);
    },
    close: () => Promise.resolve(void (isOpen = false)),
  };
  const reader = unpackedReader(raw, codec);
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
    expect(isOpen).toBe(false);
  }
}
const folder = fileURLToPath(new URL('../../../fixtures/codecs', import.meta.url));
const file = (name: string): Buffer => readFileSync(join(folder, name));
const TEXT = file('text.txt');
/** Files of gzip, bzip2, zstd and lzop that hold TEXT (as often as `times`). */
const FILES = readdirSync(folder).filter((name) => !name.endsWith('.txt'));
const codecOf = (name: string): CodecName => /^[a-z]+2?/.exec(name)![0] as CodecName;
const PACKERS = (Object.keys(CODECS) as CodecName[]).filter((c) => CODECS[c].pack !== undefined);
const repeated = (size: number): Buffer => {
  const prng = new Prng(9);
  return Buffer.from(Array.from({ length: size }, () => `${prng.int(0, 99_999)}|x\n`).join(''));
};

test.each(FILES)('%s', async (name) => {
  const data = file(name);
  const text = name.includes('two') ? Buffer.concat([TEXT, TEXT]) : TEXT;
  for (const [piece, room] of [
    [1, 1 << 20],
    [13, 7000],
    [1000, 100],
    [1 << 20, 1 << 20],
  ] as const)
    expect((await unpacked(codecOf(name), data, piece, room)).equals(text), `${piece}`).toBe(true);
});
test.each(PACKERS)('%s: members one after the other, wherever the pieces are cut', async (codec) => {
  const pack = CODECS[codec].pack!;
  const parts = ['first\n', '', 'second\n'.repeat(50), 'third'].map((t) => Buffer.from(t));
  const packed = Buffer.concat(await Promise.all(parts.map(pack)));
  for (let piece = 1; piece <= packed.length; piece += 1 + (piece >> 4))
    expect((await unpacked(codec, packed, piece)).equals(Buffer.concat(parts)), `${piece}`).toBe(true);
  for (const text of [Buffer.alloc(2_500_000), repeated(100_000)])
    expect((await unpacked(codec, await pack(text), 1 << 20, 1 << 20)).equals(text)).toBe(true);
});
test('bzip2: a text out of all proportion comes in portions, as far as it is read', async () => {
  const member = await CODECS.bzip2.pack!(Buffer.alloc(4_500_000));
  expect(member.length).toBeLessThan(1000);
  const bomb = Buffer.concat(Array.from({ length: 1000 }, () => member));
  let given = 0;
  const reader = unpackedReader(
    {
      traffic: noTraffic(),
      read: (into) => Promise.resolve(given++ === 0 ? bomb.copy(into) : 0),
      close: () => Promise.resolve(),
    },
    'bzip2',
  );
  const into = Buffer.from(new SharedArrayBuffer(1 << 20));
  for (let bytes = 0; bytes < 100_000_000;) {
    const n = await reader.read(into);
    expect(n).toBeGreaterThan(0);
    bytes += n;
  }
  await reader.close();
});
test('bzip2: blocks of all sizes, long runs, and codes of all lengths', async () => {
  const prng = new Prng(31);
  const skewed = Buffer.from(Array.from({ length: 1_500_000 }, () => Math.floor(256 * (prng.u32() / 2 ** 32) ** 8)));
  const even = Buffer.from(Array.from({ length: 1_100_000 }, () => prng.int(0, 255)));
  const runs = Buffer.concat(
    Array.from({ length: 4000 }, (_, i) => Buffer.alloc(prng.pick([1, 3, 4, 5, 255, 259, 260, 1000]), i % 7)),
  );
  for (const text of [skewed, even, runs, Buffer.from('a'), Buffer.alloc(4, 97), Buffer.alloc(900_001, 97)])
    for (const piece of [4093, 1 << 20]) {
      const back = await unpacked('bzip2', await CODECS.bzip2.pack!(text), piece, 1 << 20);
      expect(back.equals(text), `${text.length} ${piece}`).toBe(true);
    }
});
test('gzip: levels, strategies and piece sizes', async () => {
  const prng = new Prng(42);
  const data = repeated(3000);
  for (let round = 0; round < trials(30); round++) {
    const zip = gzipSync(data, {
      level: prng.int(0, 9),
      strategy: prng.pick([0, constants.Z_FIXED, constants.Z_HUFFMAN_ONLY, constants.Z_RLE]),
      memLevel: prng.int(1, 9),
    });
    const back = await unpacked('gzip', zip, prng.pick([13, 1000, 1 << 20]), prng.pick([7, 65536, 1 << 20]));
    expect(back.equals(data), `round ${round}`).toBe(true);
  }
});
test.each(['gzip-6.gz', 'bzip2-9.bz2', 'zstd-stream.zst', 'lzop-1.lzo', 'lzop-crc.lzo'])(
  'damage of %s is an error',
  async (name) => {
    const [codec, data] = [codecOf(name), file(name)];
    for (const cut of [1, 5, 9, 100, data.length - 100, data.length - 3])
      await expect(unpacked(codec, data.subarray(0, data.length - cut), 1000), `${cut}`).rejects.toThrow(/corrupt/);
    const none = `${codec} data is corrupt`;
    await expect(unpacked(codec, Buffer.from('1|2|3\n'.repeat(10)), 100)).rejects.toThrow(none);
    await expect(unpacked(codec, Buffer.alloc(0), 100)).rejects.toThrow(`${none}: the file is empty`);
    const prng = new Prng(5);
    for (let i = 0; i < trials(100); i++) {
      const bad = Buffer.from(data);
      const at = prng.int(0, data.length - 1);
      bad[at] = bad[at]! ^ (1 << prng.int(0, 7));
      // Some bits of headers mean nothing to the text.
      const text = await unpacked(codec, bad, 1000).catch((e: Error) => e.message);
      if (typeof text === 'string') expect(text).toContain(none);
      else expect(text.equals(TEXT), `flip at ${at}`).toBe(true);
    }
  },
);
