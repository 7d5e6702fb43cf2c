/**
 * Pieces that were packed by others' programs, and what our Snappy packs, come back whole; broken ones are told and touch nothing
 * outside their room.
 */
import * as zlib from 'node:zlib';
import { expect, test } from 'vitest';
import { Prng } from '../../common/prng.ts';
import { trials } from '../../common/test-trials.ts';
import { zstdCompress } from '../../common/compress/zstd.ts';
import { kernelsModule } from '../../wasm/kernels-module.ts';
import { NO_LONG_VALUES } from '../../wasm/memory-map.ts';
import { PieceUnpacker, type PieceCodec } from './unpack.ts';

const memory = new WebAssembly.Memory({ initial: 256, maximum: 65536, shared: true });
const env = { memory, grow: () => 0, zone: () => 0, clock: () => 0n, ...NO_LONG_VALUES };
const kernels = new WebAssembly.Instance(kernelsModule(), { env }).exports;
const bytes = new Uint8Array(memory.buffer);
const view = new DataView(memory.buffer);
const FROM = 65536;
const TO = 5 * 1024 * 1024;
const TABLE = 15 * 1024 * 1024;
const unpacker = new PieceUnpacker({
  kernels,
  memory: {
    bytes,
    view,
    free: () => undefined,
    u32: (at) => view.getUint32(at, true),
    setU32: (at, value) => view.setUint32(at, value, true),
  },
});
function unpack(codec: PieceCodec, packed: Uint8Array, room: number): Buffer {
  bytes.set(packed, FROM);
  const n = unpacker.unpack(codec, FROM, packed.length, TO, room);
  return Buffer.from(bytes.slice(TO, TO + n));
}
function snappy(text: Uint8Array): Uint8Array {
  bytes.set(text, FROM);
  const compress = kernels['snappy_compress'] as (from: number, n: number, to: number, table: number) => number;
  const n = compress(FROM, text.length, TO, TABLE);
  expect(n).toBeLessThanOrEqual(text.length + text.length / 6 + 32);
  return bytes.slice(TO, TO + n);
}
const prng = new Prng(7);
/** Repeats and noise of all lengths. */
function text(size: number): Buffer {
  const out: Buffer[] = [];
  let n = 0;
  while (n < size) {
    const whole = Buffer.concat(out.slice(-20));
    const isRepeat = whole.length > 0 && prng.int(0, 2) > 0;
    const from = isRepeat ? prng.int(0, whole.length) : 0;
    const piece = isRepeat
      ? whole.subarray(from, from + prng.int(1, 200))
      : Buffer.from(Array.from({ length: prng.int(1, 90) }, () => prng.int(0, prng.pick([2, 20, 255]))));
    out.push(piece, ...(prng.int(0, 9) === 0 ? [Buffer.alloc(prng.int(1, 700), prng.int(0, 255))] : []));
    n += piece.length;
  }
  return Buffer.concat(out).subarray(0, size);
}
/** LZ4 blocks have no packer here: literals and one run, by hand. */
const lz4 = (literals: string, run: number): Buffer => {
  const length = Buffer.byteLength(literals);
  const lengthOf = (n: number): number[] =>
    n < 15 ? [] : [...Array.from({ length: Math.floor((n - 15) / 255) }, () => 255), (n - 15) % 255];
  return Buffer.concat([
    Buffer.from([(Math.min(15, length) << 4) | Math.min(15, run - 4), ...lengthOf(length)]),
    Buffer.from(literals),
    Buffer.from([1, 0, ...lengthOf(run - 4)]),
    Buffer.from([0x50]),
    Buffer.from('ending'.slice(0, 5)),
  ]);
};

test('snappy: what we pack, at all sizes', () => {
  for (const size of [0, 1, 14, 15, 16, 59, 60, 61, 255, 256, 257, 300, 65535, 65536, 65537, 200_000]) {
    const written = text(size);
    expect(unpack('snappy', snappy(written), size).equals(written), String(size)).toBe(true);
  }
  for (let round = 0; round < trials(200); round++) {
    const written = text(prng.int(0, 5000));
    expect(unpack('snappy', snappy(written), written.length).equals(written)).toBe(true);
  }
  expect(snappy(Buffer.alloc(1_000_000, 'slices of a house ')).length).toBeLessThan(60_000);
});
test('snappy: of the format description', () => {
  // A literal, then copies with offsets of one, two and four bytes; the last one overlaps itself.
  const packed = Buffer.from('17' + '0c41424344' + '0104' + '0e0400' + '1704000000' + '0501', 'hex');
  expect(unpack('snappy', packed, 30).toString()).toBe('ABCDABCDABCDABCDABBBBBB');
  expect(() => unpack('snappy', packed, 22)).toThrow('snappy data is broken');
});
test('libraries', () => {
  const written = text(100_000);
  const packed: readonly [PieceCodec, Uint8Array][] = [
    ['none', written],
    ['gzip', zlib.gzipSync(written)],
    ['gzip', zlib.deflateSync(written)],
    ['gzip', Buffer.concat([zlib.gzipSync(written.subarray(0, 700)), zlib.gzipSync(written.subarray(700))])],
    ['deflate', zlib.deflateRawSync(written)],
    ['brotli', zlib.brotliCompressSync(written)],
    ['zstd', zstdCompress(written)],
  ];
  for (const [codec, stored] of packed) {
    expect(unpack(codec, stored, written.length).equals(written), codec).toBe(true);
    expect(() => unpack(codec, stored, written.length - 1), codec).toThrow(`${codec} data is broken`);
    if (codec !== 'none')
      expect(() => unpack(codec, stored.subarray(0, 200), written.length), codec).toThrow(/broken/);
  }
});
test('lz4: blocks, and blocks behind their lengths', () => {
  for (const [literals, run] of [
    ['a', 4],
    ['abc', 18],
    ['x'.repeat(15), 19],
    ['y'.repeat(300), 700],
  ] as const) {
    const block = lz4(literals, run);
    const whole = literals + literals.slice(-1).repeat(run) + 'endin';
    expect(unpack('lz4', block, whole.length).toString()).toBe(whole);
    const head = Buffer.alloc(8);
    head.writeUInt32BE(whole.length, 0);
    head.writeUInt32BE(block.length, 4);
    expect(unpack('lz4-hadoop', Buffer.concat([head, block, head, block]), 4000).toString()).toBe(whole + whole);
    expect(unpack('lz4-hadoop', block, whole.length).toString()).toBe(whole);
    expect(() => unpack('lz4', block, whole.length - 1)).toThrow('lz4 data is broken');
    expect(() => unpack('lz4', block.subarray(0, -6), 4000)).toThrow('lz4 data is broken');
  }
});
test('broken bytes stay inside their room', () => {
  const written = text(3000);
  const stored: readonly [PieceCodec, Uint8Array][] = [
    ['snappy', snappy(written)],
    ['lz4', lz4('abcdefghijklmnopqrstuvw', 900)],
  ];
  for (let round = 0; round < trials(2000); round++) {
    const [codec, whole] = stored[round % 2]!;
    const bad = Buffer.from(whole);
    for (let k = prng.int(1, 4); k > 0; k--) bad[prng.int(0, bad.length - 1)] = prng.int(0, 255);
    const room = prng.int(0, 3000);
    bytes.fill(0xaa, TO - 64, TO + room + 64);
    try {
      unpack(codec, bad.subarray(0, prng.int(0, bad.length)), room);
    } catch (error) {
      expect(error).toMatchObject({ sqlstate: 'XX000' });
    }
    expect(bytes.slice(TO - 64, TO).every((b) => b === 0xaa)).toBe(true);
    expect(bytes.slice(TO + room, TO + room + 64).every((b) => b === 0xaa)).toBe(true);
  }
});
