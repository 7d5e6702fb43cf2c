/**
 * Tuples sorted by packed keys against a stable sort of the same key strings in JavaScript: few rows and many, tuples that move
 * and such that do not, keys that differ early, late, in every bit or not at all; and the marks of groups.
 */
import { expect, it } from 'vitest';
import { Prng } from '../../common/prng.ts';
import { makeBench } from '../../wasm/runtime/test-bed.ts';
import type { BreakerHost } from '../breakers/host.ts';
import { ENTRY_BYTES, PackedSort, type MarkEntries, type SortedBlock } from './packed-sort.ts';

const b = await makeBench();
const [TUPLES, KEYS, HEAP] = [1 << 20, 5 << 20, 16 << 20];
const ENTRY_TUPLE = 8;
/** A tuple: packed key or marks, the key string, bytes of the middle level, its number. */
const [MARKS, KEY, LEVEL, NUMBER] = [4, 8, 16, 20];
const [SMALL, LARGE] = [24, 104];

/** A memory whose blocks are never used again. */
function makeHost(): { readonly host: BreakerHost; readonly blocks: ReadonlySet<number> } {
  let at = HEAP;
  const blocks = new Set<number>();
  const allocate = (bytes: number): number => {
    const start = at;
    at += (bytes + 15) & ~15;
    blocks.add(start);
    return start;
  };
  const memory = {
    bytes: b.bytes,
    allocate,
    small: allocate,
    setI64: (place: number, value: bigint) => b.view.setBigInt64(place, value, true),
    free: (block: number) => void blocks.delete(block),
    u32: (place: number) => b.view.getUint32(place, true),
    setU32: (place: number, value: number) => b.view.setUint32(place, value, true),
    zero: (place: number, bytes: number) => void b.bytes.fill(0, place, place + bytes),
  };
  return { host: { memory, kernels: b.k, mustAllocate: allocate } as unknown as BreakerHost, blocks };
}
/** Keys are terminated like those of the engine's: none is the beginning of another. */
type Key = readonly [first: Uint8Array, rest: Uint8Array];
function place(keys: readonly Key[], size: number): void {
  let at = KEYS;
  for (const [i, [first, rest]] of keys.entries()) {
    const t = TUPLES + i * size;
    b.bytes.set(first, at);
    b.bytes.set(rest, at + first.length);
    b.view.setInt32(t + NUMBER, i, true);
    b.view.setInt32(t + KEY, at, true);
    b.view.setInt32(t + KEY + 4, first.length + rest.length, true);
    b.view.setInt32(t + LEVEL, first.length, true);
    at += first.length + rest.length;
  }
  expect(at).toBeLessThan(HEAP);
}
interface Sorted {
  readonly order: readonly number[];
  readonly marks: readonly number[];
}
/** The numbers of the tuples in their order, and their marks where they were wanted. */
function sorted(keys: readonly Key[], size: number, limit = keys.length, levels = 0): Sorted {
  place(keys, size);
  const { host, blocks } = makeHost();
  const half = TUPLES + (keys.length >> 1) * size;
  const extents = [
    { start: TUPLES, end: half },
    { start: half, end: TUPLES + keys.length * size },
  ].filter((e) => e.end > e.start);
  const sort = new PackedSort(host, size, KEY);
  const mark = levels > 0 ? marking(host, levels) : undefined;
  const [before, isList] = [blocks.size, size === LARGE && levels > 0];
  for (const e of extents) sort.survey(e);
  const steps = sort.sort(extents, limit, mark);
  let result: readonly SortedBlock[] | undefined;
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done !== true) continue;
    result = step.value;
    break;
  }
  const places = result!.filter((block) => !extents.some((e) => e.start === block.start));
  expect([...blocks].slice(before).sort()).toEqual(places.map((block) => block.start).sort());
  const rowsOf = ({ start, rows }: SortedBlock): readonly number[] =>
    Array.from({ length: rows }, (_, i) => {
      if (size === SMALL) return start + i * size;
      return start + i * (isList ? 8 : ENTRY_BYTES) + (isList ? 0 : ENTRY_TUPLE);
    });
  const places_ = result!.flatMap(rowsOf);
  const tuples = places_.map((at) => (size === SMALL ? at : b.view.getInt32(at, true)));
  return {
    order: tuples.map((t) => b.view.getInt32(t + NUMBER, true)),
    marks: levels === 0 ? [] : places_.map((at) => b.view.getInt32(at + MARKS, true)),
  };
}
/** Level 0: the first key, by the tuple's field; 1: all; 2: the first three bytes. */
function marking(host: BreakerHost, count: number): MarkEntries {
  const levels = host.memory.allocate(24);
  for (const [i, v] of [0, LEVEL, 0, 0, 3, 0].entries()) b.view.setInt32(levels + i * 4, v, true);
  let before = 0;
  return (plan, entries, rows, isPacked, size, out) => {
    host.kernels.mark_entries(plan, entries, rows, isPacked ? 1 : 0, levels, count, before, size, out);
    before =
      size > 0 ? out + (rows - 1) * size : b.view.getInt32(entries + (rows - 1) * ENTRY_BYTES + ENTRY_TUPLE, true);
  };
}
const firstDifference = (a: readonly number[], b: readonly number[]): number => a.findIndex((v, i) => v !== b[i]);
const whole = ([first, rest]: Key): Buffer => Buffer.concat([first, rest]);
const inOrder = (keys: readonly Key[]): number[] => {
  const bytes = keys.map(whole);
  return keys.map((_, i) => i).sort((x, y) => Buffer.compare(bytes[x]!, bytes[y]!) || x - y);
};

const rng = new Prng(20261127);
const bytes = (n: number, most = 255): Buffer => Buffer.from(Array.from({ length: n }, () => rng.int(0, most)));
const int = (v: number, size = 4): Buffer => {
  const out = Buffer.alloc(size + 1);
  out[0] = 1;
  out.writeUInt32BE(v, size - 3);
  return out;
};
const text = (t: string): Buffer => Buffer.concat([Buffer.from([1]), Buffer.from(t), Buffer.from([0, 0])]);
const word = (): string => Array.from({ length: rng.int(0, 12) }, () => 'abc'[rng.int(0, 2)]).join('');
const [one, other] = [bytes(12), Buffer.alloc(12)];
for (const [i, v] of one.entries()) other[i] = ~v;

const KINDS: Record<string, () => Key> = {
  numbers: () => [int(rng.int(0, 2000)), Buffer.concat([int(rng.int(0, 1e7), 8), int(rng.int(0, 1e6), 8)])],
  'few numbers': () => [int(rng.int(0, 3)), int(rng.int(0, 2))],
  'one key': () => [int(7), int(7)],
  'every bit': () => [bytes(8), bytes(8)],
  texts: () => [text(word()), text(word())],
  'texts that begin alike': () => [text(`https://example.com/a/${word()}`), text(word())],
  'what differs comes late': () => [rng.int(0, 1) ? one : other, int(rng.int(0, 100_000))],
  'NULL and numbers': () => [rng.int(0, 1) ? Buffer.from([2, 0, 0, 0, 0]) : int(rng.int(0, 9)), int(rng.int(0, 99))],
  'one text, then long ones': () => [text('x'), text('y'.repeat(rng.int(0, 3)) + 'z'.repeat(rng.int(0, 150)))],
};
const COUNTS = [1, 2, 20, 21, 127, 128, 1000, 5000];
/** Several blocks of small tuples and of entries, also of those that share a packed key. */
const MANY = 36_000;

for (const [kind, make] of Object.entries(KINDS)) {
  for (const size of [SMALL, LARGE]) {
    it(`sorts ${kind}, ${size} bytes a tuple`, () => {
      for (const count of [...COUNTS, ...(kind.startsWith('one text') ? [] : [MANY])]) {
        const keys = Array.from({ length: count }, make);
        const order = inOrder(keys);
        expect(firstDifference(sorted(keys, size).order, order), `${count} rows`).toBe(-1);
        const marked = sorted(keys, size, count, 3);
        expect(firstDifference(marked.order, order), `${count} rows, marked`).toBe(-1);
        expect(firstDifference(marked.marks, marksOf(keys, order)), `marks of ${count} rows`).toBe(-1);
      }
    });
  }
}
function marksOf(keys: readonly Key[], order: readonly number[]): readonly number[] {
  const firsts = (key: Key): readonly Buffer[] => [Buffer.from(key[0]), whole(key), whole(key).subarray(0, 3)];
  return order.map((row, i) => {
    if (i === 0) return -1;
    const [mine, before] = [firsts(keys[row]!), firsts(keys[order[i - 1]!]!)];
    return mine.reduce((bits, own, level) => bits | (own.equals(before[level]!) ? 0 : 1 << level), 0);
  });
}

it('leaves rows that are in order where they are', () => {
  const keys = Array.from({ length: MANY }, (_, i): Key => [int(i >> 3), int(i & 7)]);
  for (const size of [SMALL, LARGE]) {
    const { order, marks } = sorted(keys, size, MANY, 3);
    expect(firstDifference(order, inOrder(keys))).toBe(-1);
    expect(firstDifference(marks, marksOf(keys, order))).toBe(-1);
  }
});

it('sorts what comes in order up to the largest packed key and begins anew', () => {
  const largest = Buffer.alloc(8, 255);
  const firsts = [1, 2, 3].map((v) => int(v, 8).subarray(1));
  const keys = [firsts[0]!, largest, firsts[1]!, firsts[2]!].map((first, i): Key => [first, int(i)]);
  for (const size of [SMALL, LARGE]) expect(sorted(keys, size).order).toEqual([0, 2, 3, 1]);
});

it('puts the first rows in order, whatever comes behind', () => {
  const keys = Array.from({ length: MANY }, KINDS['numbers']!);
  const order = inOrder(keys);
  for (const size of [SMALL, LARGE]) {
    for (const limit of [1, 100, 20_000])
      expect(firstDifference(sorted(keys, size, limit).order.slice(0, limit), order)).toBe(-1);
  }
});

it('takes all bits of keys that differ in one only here and there', () => {
  // Every other bit: more pieces than a plan has.
  const keys = Array.from({ length: 3000 }, (): Key => [
    Buffer.from(bytes(8).map((v) => v & 0x55)),
    int(rng.int(0, 5)),
  ]);
  expect(firstDifference(sorted(keys, SMALL).order, inOrder(keys))).toBe(-1);
});

it('says that there is no memory, and leaves nothing behind', () => {
  const keys = Array.from({ length: MANY }, KINDS['numbers']!);
  for (const size of [SMALL, LARGE]) {
    place(keys, size);
    for (const room of [0, 3, 5]) {
      const { host, blocks } = makeHost();
      const sort = new PackedSort(host, size, KEY);
      const before = blocks.size;
      const { allocate } = host.memory;
      let left = room;
      host.memory.allocate = (n) => (left-- > 0 ? allocate(n) : 0);
      const extents = [{ start: TUPLES, end: TUPLES + MANY * size }];
      sort.survey(extents[0]!);
      const steps = sort.sort(extents, MANY);
      let step = steps.next();
      while (step.done !== true) step = steps.next();
      expect(step.value).toBeUndefined();
      expect(blocks.size).toBe(before);
    }
  }
});
