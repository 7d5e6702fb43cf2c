/**
 * Chunks: every encoding brings back every type, NULLs and extremes included, from any start row; LZO against broken
 * input; the bids of COMPUPDATE; decode speed (printed).
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { Prng } from '../common/prng.ts';
import { chooseEncodings } from '../encodings/choose-encodings.ts';
import { CHUNK, LAYOUT, PHYS_TAG, readChunkHeader } from '../encodings/chunk-layout.ts';
import { encodeChunk, expandChunk } from '../encodings/encode-chunk.ts';
import { SCRATCH_BYTES, chunkBytesMax, codecRoom, columnStats } from '../encodings/encoding.ts';
import { ENCODINGS, defaultEncoding, resolveEncoding } from '../encodings/index.ts';
import {
  BOOL,
  DATE,
  FLOAT4,
  FLOAT8,
  INT2,
  INT4,
  INT8,
  TIMESTAMP,
  char,
  numeric,
  physOf,
  varchar,
  type SqlType,
} from '../types/sql-type.ts';
import { crc32c } from '../common/crc32c.ts';
import { RegionPool } from '../wasm/region-pool.ts';
import { decode, testNode, vector, type Cell, type TestNode } from './test-slice.ts';
import { trials } from '../common/test-trials.ts';

let node: TestNode;
beforeAll(async () => {
  node = await testNode(128);
});

const TYPES: readonly SqlType[] = [
  BOOL,
  INT2,
  INT4,
  INT8,
  DATE,
  TIMESTAMP,
  numeric(12, 2),
  numeric(38, 4),
  FLOAT4,
  FLOAT8,
  varchar(300),
  char(10),
];
const LIMITS: Readonly<Record<string, readonly (number | bigint)[]>> = {
  bool: [0, 1],
  int2: [-32768, 32767, 0],
  int4: [-2147483648, 2147483647, -1],
  date: [-2147483648, 2147483647],
  int8: [-(2n ** 63n), 2n ** 63n - 1n, 0n],
  timestamp: [-(2n ** 63n), 2n ** 63n - 1n],
  wide: [-(10n ** 38n) + 1n, 10n ** 38n - 1n, 2n ** 64n, -1n, 0n],
};

/** Shapes that suit or offend different layouts. */
const SHAPES = ['constant', 'sequence', 'few', 'runs', 'narrow', 'wild', 'extreme', 'all null', 'one'] as const;
function cell(type: SqlType, shape: (typeof SHAPES)[number], row: number, random: Prng): Cell {
  const phys = physOf(type);
  const number =
    shape === 'constant'
      ? 7
      : shape === 'sequence'
        ? 1000 + row * 3
        : shape === 'few'
          ? random.int(0, 20)
          : shape === 'runs'
            ? Math.floor(row / 500)
            : shape === 'narrow'
              ? 5000 + random.int(0, 250)
              : random.int(-2_000_000_000, 2_000_000_000);
  if (phys === 'str') {
    const text =
      shape === 'wild' || shape === 'extreme' ? `${random.u32()}${'é '.repeat(random.int(0, 12))}` : `v${number}`;
    return shape === 'extreme' && random.int(0, 3) === 0
      ? ''
      : type.name === 'char'
        ? text.slice(0, 4).trimEnd()
        : text;
  }
  if (type.name === 'bool') return number & 1;
  if (phys === 'f32') return Math.fround(shape === 'extreme' ? random.pick([NaN, Infinity, -0, 3.4e38]) : number / 8);
  if (phys === 'f64') return shape === 'extreme' ? random.pick([NaN, -Infinity, -0, 1e308]) : number / 8;
  const limits = LIMITS[phys === 'i128' ? 'wide' : type.name === 'numeric' ? 'int8' : type.name]!;
  if (shape === 'extreme') return phys === 'i32' ? Number(random.pick(limits)) : BigInt(random.pick(limits));
  if (type.name === 'int2') return number % 32768;
  if (phys === 'i32') return number;
  return phys === 'i128' && shape === 'wild' ? BigInt(number) ** 4n * BigInt(Math.sign(number)) : BigInt(number);
}

/** Encodes, stores, brings back; returns header and decoded cells. */
function roundTrip(type: SqlType, encoding: string, cells: readonly Cell[], piece: number): Cell[] {
  const { arena, chunks } = node;
  const v = vector(node, 1, type, cells);
  const scratch = arena.allocate(SCRATCH_BYTES);
  const stats = columnStats(chunks, type, v.values, v.nulls, cells.length, scratch);
  const room = chunkBytesMax(type, cells.length, stats.stringBytes);
  const out = arena.allocate(room),
    work = arena.allocate(codecRoom(room));
  const guard = out + room;
  const job = {
    memory: chunks,
    type,
    phys: physOf(type),
    rows: cells.length,
    values: v.values,
    nulls: v.nulls,
    stats,
    out,
    scratch,
  };
  const beyond = chunks.bytes.slice(guard, guard + 64);
  const chunk = encodeChunk(encoding, job, work);
  expect(chunks.bytes.slice(guard, guard + 64)).toEqual(beyond);
  expect(readChunkHeader(chunks.view, out)).toMatchObject({
    rows: cells.length,
    nullCount: cells.filter((c) => c === null).length,
  });
  v.free();
  // The strings of the original vector are gone now; decode from a fresh place.
  chunks.bytes.fill(0xee, out, out + room);
  const stored = arena.allocate(chunk.stored.length),
    back = arena.allocate(chunk.memoryBytes);
  chunks.bytes.set(chunk.stored, stored);
  if (chunk.codecTag === 0) chunks.bytes.set(chunk.stored, back);
  else {
    const borrow = (bytes: number, use: (at: number) => void): void => {
      const at = arena.allocate(bytes);
      use(at);
      arena.free(at);
    };
    expect(expandChunk(chunks, chunk.codecTag, stored, chunk.stored.length, back, chunk.memoryBytes, borrow)).toBe(
      true,
    );
  }
  const result = decode(node, back, type, cells.length, piece);
  for (const address of [scratch, out, work, stored, back]) arena.free(address);
  return result;
}

describe('round trip', () => {
  for (const type of TYPES) {
    for (const encoding of ENCODINGS.filter((e) => e.supports(type))) {
      test(`${type.name}${type.precision ?? ''} ${encoding.name}`, () => {
        const random = new Prng(type.name.length * 31 + encoding.tag);
        for (const shape of SHAPES) {
          for (const withNulls of [false, true]) {
            const rows = shape === 'one' ? 1 : random.int(1000, 6000);
            const cells = Array.from({ length: rows }, (_, row) =>
              shape === 'all null' || (withNulls && random.int(0, 9) === 0) ? null : cell(type, shape, row, random),
            );
            expect(roundTrip(type, encoding.name, cells, random.pick([1, 7, 333, 2048]) || 1), shape).toEqual(cells);
          }
        }
      });
    }
  }
});

test('the kernels repeat the layout numbers', () => {
  const source = readFileSync(join(import.meta.dirname, '../wasm/runtime/encodings-layout.ts'), 'utf8');
  const number = (name: string): number => Number(new RegExp(`const ${name}: \\w+ = (\\d+)`).exec(source)?.[1]);
  for (const [name, value] of Object.entries(LAYOUT))
    expect(number(`LAYOUT_${name.toUpperCase()}`), name).toBe(value);
  for (const [name, value] of Object.entries(PHYS_TAG))
    expect(number(`PHYS_${name.toUpperCase()}`), name).toBe(value);
  for (const name of [
    'ROWS',
    'NULL_COUNT',
    'NULLS_AT',
    'DATA_AT',
    'AUX_AT',
    'ENTRIES',
    'BASE_LOW',
    'BASE_HIGH',
    'STEP',
  ] as const) {
    expect(number(name), name).toBe(CHUNK[name]);
  }
});

test('kernel and host checksums agree', () => {
  const { arena, chunks, kernels } = node;
  const tables = arena.allocate(8192),
    at = arena.allocate(1000);
  kernels.crc32c_init(tables);
  const random = new Prng(4);
  for (const length of [0, 1, 7, 8, 9, 999]) {
    const bytes = Uint8Array.from({ length }, () => random.int(0, 255));
    chunks.bytes.set(bytes, at);
    expect(kernels.crc32c(tables, at, length) >>> 0).toBe(crc32c(bytes));
  }
  expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283);
});

describe('lzo', () => {
  test('random texts come back, broken input is refused', () => {
    const { arena, chunks, kernels } = node;
    const random = new Prng(11);
    const from = arena.allocate(200_000),
      out = arena.allocate(250_000),
      back = arena.allocate(210_000),
      table = arena.allocate(32768);
    let refused = 0;
    for (let round = 0; round < trials(300); round++) {
      const length = random.int(0, round < 200 ? 400 : 150_000);
      const alphabet = random.pick([2, 4, 30, 256]);
      const bytes = Uint8Array.from({ length }, () => random.int(0, alphabet - 1));
      for (let at = 64; at + 80 < length; at += random.int(20, 3000))
        bytes.copyWithin(at, Math.max(0, at - random.int(1, 60_000)), at);
      chunks.bytes.set(bytes, from);
      const size = kernels.lzo_compress(from, length, out, table);
      expect(size).toBeLessThanOrEqual(length + (length >> 4) + 67);
      expect(kernels.lzo_decompress(out, size, back, length)).toBe(length);
      expect(Buffer.compare(chunks.bytes.slice(back, back + length), bytes)).toBe(0);
      chunks.bytes[back + length] = 0x5a;
      chunks.bytes[out + random.int(0, size - 1)] ^= 1 << random.int(0, 7);
      const result = kernels.lzo_decompress(out, size - random.int(0, 1), back, length);
      expect(result).toBeLessThanOrEqual(length);
      expect(chunks.bytes[back + length]).toBe(0x5a);
      if (result === -1) refused++;
    }
    expect(refused).toBeGreaterThan(trials(300) / 6);
    for (const address of [from, out, back, table]) arena.free(address);
  });
});

test('bids follow the data', () => {
  const { arena, chunks } = node;
  const random = new Prng(3);
  const columns: [SqlType, (row: number) => Cell, string][] = [
    [INT4, (row) => row, 'az64'],
    [INT8, () => (BigInt(random.u32()) << 32n) ^ BigInt(random.u32() | 0), 'raw'],
    [varchar(20), () => `c${random.int(0, 249)}`, 'bytedict'],
    [varchar(20), (row) => `status ${Math.floor(row / 2000)}`, 'runlength'],
    [
      varchar(200),
      () =>
        `${random.pick(['carefully', 'quickly'])} ${random.pick(['final', 'bold'])} ${random.int(0, 9999)} deposits sleep`,
      'zstd',
    ],
  ];
  const samples = columns.map(([type, make], i) => {
    const v = vector(
      node,
      i + 1,
      type,
      Array.from({ length: 10_000 }, (_, row) => make(row)),
    );
    return { attnum: i + 1, type, rows: 10_000, values: v.values, nulls: 0, sortkey: false };
  });
  const [out, work, scratch] = [arena.allocate(4_000_000), arena.allocate(4_500_000), arena.allocate(SCRATCH_BYTES)];
  const chosen = chooseEncodings(chunks, samples, out, work, scratch);
  expect(chosen.map((c) => c.encoding)).toEqual(columns.map((c) => c[2]));
  expect(chosen.every((c) => c.encodedBytes <= c.rawBytes)).toBe(true);
});

test('declared names', () => {
  expect(resolveEncoding('mostly8', INT4)).toEqual({ stored: 'raw', allowed: true });
  expect(resolveEncoding('text255', INT4)).toEqual({ stored: 'raw', allowed: false });
  expect(resolveEncoding('az64', FLOAT8)).toEqual({ stored: 'az64', allowed: false });
  expect(resolveEncoding('nonsense', INT4)).toBeUndefined();
  expect(defaultEncoding(varchar(3), { sortkey: false, temporary: false })).toBe('lzo');
  expect(defaultEncoding(DATE, { sortkey: false, temporary: false })).toBe('az64');
  expect(defaultEncoding(DATE, { sortkey: true, temporary: false })).toBe('raw');
});

test('region pool: no overlap, everything comes back', () => {
  const pool = new RegionPool(65536, 64 * 65536);
  const random = new Prng(8);
  const held = new Map<number, number>();
  for (let i = 0; i < 5000; i++) {
    if (random.int(0, 1) === 0 && held.size > 0) {
      const address = random.pick([...held.keys()]);
      pool.free(address);
      held.delete(address);
      continue;
    }
    const bytes = random.pick([1, 64, 300, 5000, 32768, 32769, 65536, 200_000]);
    const address = pool.allocate(bytes);
    if (address === 0) continue;
    for (const [other, size] of held) expect(address + bytes <= other || other + size <= address).toBe(true);
    held.set(address, bytes);
  }
  for (const address of held.keys()) pool.free(address);
  expect(pool.usedBytes).toBe(0);
  expect(pool.allocate(pool.size)).not.toBe(0);
  expect(pool.allocate(1)).toBe(0);
});

test('decode speed, printed', () => {
  const { arena, chunks, kernels } = node;
  const random = new Prng(5);
  const rows = 65536,
    total = 10_000_000;
  const cases: [string, SqlType, string, (row: number) => Cell][] = [
    ['i32 raw', INT4, 'raw', () => random.int(-(2 ** 31), 2 ** 31 - 1)],
    ['i32 az64 2 bytes', DATE, 'az64', () => random.int(8000, 10500)],
    ['i64 az64 4 bytes', numeric(12, 2), 'az64', () => BigInt(random.int(90_000, 10_494_950))],
    ['i64 az64 1 byte', numeric(12, 2), 'az64', () => BigInt(random.int(100, 150))],
    ['str bytedict', varchar(10), 'lzo', () => random.pick(['MAIL', 'SHIP', 'AIR', 'FOB'])],
    ['str raw', varchar(44), 'raw', () => `${random.u32()} ${random.u32()}`],
    ['i32 runlength', INT4, 'runlength', (row) => row >> 8],
    ['i32 az64 with nulls', INT4, 'az64', () => (random.int(0, 9) === 0 ? null : random.int(0, 60000))],
  ];
  const lines = cases.map(([name, type, encoding, make]) => {
    const cells = Array.from({ length: rows }, (_, row) => make(row));
    const v = vector(node, 1, type, cells);
    const scratch = arena.allocate(SCRATCH_BYTES);
    const stats = columnStats(chunks, type, v.values, v.nulls, rows, scratch);
    const room = chunkBytesMax(type, rows, stats.stringBytes);
    const chunk = arena.allocate(room),
      work = arena.allocate(codecRoom(room));
    const job = {
      memory: chunks,
      type,
      phys: physOf(type),
      rows,
      values: v.values,
      nulls: v.nulls,
      stats,
      out: chunk,
      scratch,
    };
    encodeChunk(encoding, job, work);
    const out = arena.allocate(2048 * 16),
      nulls = arena.allocate(2048);
    const width = physOf(type) === 'i32' ? 4 : 8;
    const started = performance.now();
    let done = 0;
    while (done < total) {
      for (let start = 0; start < rows; start += 2048) kernels.chunk_decode(chunk, start, 2048, out, nulls);
      done += rows;
    }
    const seconds = (performance.now() - started) / 1000;
    for (const address of [scratch, chunk, work, out, nulls]) arena.free(address);
    v.free();
    return `${name.padEnd(22)} ${Math.round(done / seconds / 1e6)} M rows/s, ${Math.round((done * width) / seconds / 1e6)} MB/s out`;
  });
  process.stdout.write(`\n${lines.join('\n')}\n`);
  expect(lines).toHaveLength(cases.length);
});
