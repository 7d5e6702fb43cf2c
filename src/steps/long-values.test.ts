/**
 * Long values on the temporary disk: what is kept is read back and compared as the strings are, references are told from
 * addresses, values that arrive side by side do not mix, and the disk's end is an error of the query.
 */
import { beforeEach, expect, test } from 'vitest';
import { memoryDisk } from '../common/disk-memory.ts';
import { SqlError } from '../common/errors/sql-error.ts';
import { Prng } from '../common/prng.ts';
import { SUPER, varbyte, varchar } from '../types/sql-type.ts';
import { layoutTuple } from '../types/tuple-layout.ts';
import { TempDisk } from './breakers/temp-disk.ts';
import { isReference, lengthOf, LongValues, references } from './long-values.ts';

const memory = new Uint8Array(1024 * 1024);
const view = new DataView(memory.buffer);
let end: number;
let disk: TempDisk;
let longs: LongValues;

beforeEach(() => {
  end = 8;
  disk = new TempDisk(memoryDisk(), 'tmp', 0, 4 * 1024 * 1024);
  longs = new LongValues({ bytes: memory }, disk);
});
/** A string in memory. */
function string(bytes: Uint8Array): bigint {
  const at = end;
  memory.set(bytes, at);
  end += bytes.length;
  return (BigInt(bytes.length) << 32n) | BigInt(at);
}
function readBack(reference: bigint): Uint8Array {
  const bytes = new Uint8Array(lengthOf(reference));
  longs.read(reference, 0, bytes);
  return bytes;
}
const random = new Prng(11);
const some = (n: number): Uint8Array => Uint8Array.from({ length: n }, () => random.int(0, 255));

test('what is kept is read back, whole and in parts', () => {
  const values = [some(1), some(511), some(512), some(513), some(70_000)];
  const kept = values.map((v) => longs.keep(string(v)));
  expect(kept.every(isReference)).toBe(true);
  expect(kept.map(readBack)).toEqual(values);
  const part = new Uint8Array(100);
  longs.read(kept[4]!, 69_900, part);
  expect(part).toEqual(values[4]!.subarray(69_900));
  expect(isReference(string(some(3)))).toBe(false);
});

test('values that arrive side by side', () => {
  const [a, b] = [some(5000), some(7000)];
  const [x, y] = [longs.place(a.length), longs.place(b.length)];
  for (let at = 0; at < 7000; at += 1000) {
    if (at < 5000) x.write(a.subarray(at, at + 1000));
    y.write(b.subarray(at, at + 1000));
  }
  expect(readBack(x.reference)).toEqual(a);
  expect(readBack(y.reference)).toEqual(b);
  expect(() => x.write(some(1))).toThrow('longer than it was said to be');
});

test('order, first bytes and common beginnings are those of the strings', () => {
  const base = some(150_000);
  const variants = [0, 7, 8, 4095, 4096, 69_632, 149_999].map((at) => {
    const copy = Uint8Array.from(base);
    copy[at] = (copy[at]! + 1) % 256;
    return copy;
  });
  const all = [base, ...variants, base.subarray(0, 4096), base.subarray(0, 149_999)];
  for (const a of all) {
    const x = longs.keep(string(a));
    for (const b of all) {
      const start = end;
      const inMemory = string(b);
      for (const y of [inMemory, longs.keep(inMemory)]) {
        expect(longs.order(x, y)).toBe(Buffer.compare(a, b));
        expect(longs.order(y, x)).toBe(Buffer.compare(b, a));
        const n = Math.min(a.length, b.length);
        const different = a.subarray(0, n).findIndex((byte, i) => byte !== b[i]);
        expect(longs.common(x, y, n)).toBe(different < 0 ? n : different);
      }
      end = start;
    }
    expect(longs.first(x)).toBe(Buffer.from(a).readBigInt64BE(0));
    end = 8;
    longs.close();
    longs = new LongValues({ bytes: memory }, disk);
  }
});

test('a full disk is the error of the query, and what it wrote goes', () => {
  const value = string(some(1_000_000));
  for (let n = 0; n < 4; n++) longs.keep(value);
  expect(() => longs.keep(value)).toThrow(SqlError);
  expect(disk.files).toBe(1);
  longs.close();
  expect([disk.files, disk.bytes]).toEqual([0, 0]);
});

test('references in rows are found in the order of rows and fields, NULLs and short values passed over', () => {
  const fields = [
    { id: 1, type: varbyte(100), nullable: true },
    { id: 2, type: varchar(10), nullable: false },
    { id: 3, type: SUPER, nullable: true },
  ];
  const layout = layoutTuple(fields);
  const [first, , third] = layout.fields;
  const start = 4096;
  const kept = longs.keep(string(some(600)));
  memory.fill(0, start, start + 3 * layout.size);
  const put = (row: number, { offset, nullOffset }: typeof first & object, value: bigint, isNull = false): number => {
    const t = start + row * layout.size;
    memory[t + nullOffset] = isNull ? 1 : 0;
    view.setBigInt64(t + offset, value, true);
    return t + offset;
  };
  put(0, first!, string(some(5)));
  const a = put(0, third!, kept);
  const b = put(1, first!, kept);
  put(1, third!, kept, true);
  const [c, d] = [put(2, first!, kept), put(2, third!, kept)];
  const u32 = (at: number): number => view.getUint32(at, true);
  expect(references({ bytes: memory, u32 }, layout, start, 3)).toEqual([a, b, c, d]);
});
