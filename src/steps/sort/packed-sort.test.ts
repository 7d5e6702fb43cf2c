/**
 * Entries sorted by packed keys against a stable sort of the same key strings in JavaScript: few rows and more than one call
 * of a kernel takes, keys that differ early, late, in every bit or not at all; and the marks of groups.
 */
import { expect, it } from 'vitest';
import { Prng } from '../../common/prng.ts';
import { makeBench } from '../../wasm/runtime/test-bed.ts';
import type { BreakerHost } from '../breakers/host.ts';
import { ENTRY_BYTES, sortPacked, type SortedEntries } from './packed-sort.ts';

const b = await makeBench();
const [TUPLES, KEYS, HEAP] = [1 << 20, 5 << 20, 16 << 20];
/** A tuple: its number, marks, the key string, bytes of the middle level. */
const [SIZE, KEY, LEVEL] = [24, 8, 16];

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
    free: (block: number) => void blocks.delete(block),
    u32: (place: number) => b.view.getUint32(place, true),
    setU32: (place: number, value: number) => b.view.setUint32(place, value, true),
    zero: (place: number, bytes: number) => void b.bytes.fill(0, place, place + bytes),
  };
  return { host: { memory, kernels: b.k, mustAllocate: allocate } as unknown as BreakerHost, blocks };
}
/** Keys are terminated like those of the engine's: none is the beginning of another. */
type Key = readonly [first: Uint8Array, rest: Uint8Array];
function place(keys: readonly Key[]): void {
  let at = KEYS;
  for (const [i, [first, rest]] of keys.entries()) {
    const t = TUPLES + i * SIZE;
    b.bytes.set(first, at);
    b.bytes.set(rest, at + first.length);
    b.view.setInt32(t, i, true);
    b.view.setInt32(t + KEY, at, true);
    b.view.setInt32(t + KEY + 4, first.length + rest.length, true);
    b.view.setInt32(t + LEVEL, first.length, true);
    at += first.length + rest.length;
  }
  expect(at).toBeLessThan(HEAP);
}
function sorted(host: BreakerHost, keys: readonly Key[], limit = keys.length): SortedEntries {
  place(keys);
  const half = TUPLES + (keys.length >> 1) * SIZE;
  const extents = [
    { start: TUPLES, end: half },
    { start: half, end: TUPLES + keys.length * SIZE },
  ];
  const work = sortPacked(host, extents, SIZE, KEY, limit);
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value!;
  }
}
const firstDifference = (a: readonly number[], b: readonly number[]): number => a.findIndex((v, i) => v !== b[i]);
const numberAt = (tuple: number): number => b.view.getInt32(tuple, true);
const numbers = ({ entries }: SortedEntries, count: number): number[] =>
  Array.from({ length: count }, (_, i) => numberAt(b.view.getInt32(entries + i * ENTRY_BYTES + 8, true)));
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
/** More than one call of a kernel takes; so many with one packed key. */
const MANY: Readonly<Record<string, readonly number[]>> = {
  numbers: [70_000],
  'few numbers': [70_000],
  'one key': [70_000],
  'what differs comes late': [140_000],
};
const COUNTS = [1, 2, 20, 21, 127, 128, 1000, 5000];

for (const [kind, make] of Object.entries(KINDS)) {
  it(`sorts ${kind}`, () => {
    for (const count of [...COUNTS, ...(MANY[kind] ?? [])]) {
      const keys = Array.from({ length: count }, make);
      const { host, blocks } = makeHost();
      const run = sorted(host, keys);
      const order = inOrder(keys);
      expect(firstDifference(numbers(run, count), order), `${count} rows`).toBe(-1);
      marksOf(run, keys, order);
      expect([...blocks]).toEqual([run.entries, run.plan]);
    }
  });
}

/** Level 0: the first key, by the tuple's field; 1: all; 2: the first three bytes. */
function marksOf({ entries, plan, isPacked }: SortedEntries, keys: readonly Key[], order: readonly number[]): void {
  const [levels, out] = [512 << 10, 28 << 20];
  for (const [i, v] of [0, LEVEL, 0, 0, 3, 0].entries()) b.view.setInt32(levels + i * 4, v, true);
  const half = order.length >> 1;
  const mark = (from: number, count: number): void =>
    void b.k['mark_entries']!(
      plan,
      entries + from * ENTRY_BYTES,
      count,
      isPacked ? 1 : 0,
      levels,
      3,
      from === 0 ? 1 : 0,
      out + from * 8,
    );
  mark(0, half);
  mark(half, order.length - half);
  const firsts = (key: Key): readonly Buffer[] => [Buffer.from(key[0]), whole(key), whole(key).subarray(0, 3)];
  const expected = order.map((row, i) => {
    if (i === 0) return 7;
    const [mine, before] = [firsts(keys[row]!), firsts(keys[order[i - 1]!]!)];
    return mine.reduce((bits, own, level) => bits | (own.equals(before[level]!) ? 0 : 1 << level), 0);
  });
  expect(
    firstDifference(
      order.map((_, i) => numberAt(b.view.getInt32(out + i * 8, true))),
      order,
    ),
  ).toBe(-1);
  const marks = order.map((_, i) => b.view.getInt32(out + i * 8 + 4, true) & 7);
  expect(firstDifference(marks, expected)).toBe(-1);
}

it('puts the first rows in order, whatever comes behind', () => {
  const keys = Array.from({ length: 70_000 }, KINDS['numbers']!);
  const order = inOrder(keys);
  for (const limit of [1, 100, 50_000])
    expect(firstDifference(numbers(sorted(makeHost().host, keys, limit), limit), order)).toBe(-1);
});

it('takes all bits of keys that differ in one only here and there', () => {
  // Every other bit: more pieces than a plan has.
  const keys = Array.from({ length: 3000 }, (): Key => [
    Buffer.from(bytes(8).map((v) => v & 0x55)),
    int(rng.int(0, 5)),
  ]);
  expect(numbers(sorted(makeHost().host, keys), keys.length)).toEqual(inOrder(keys));
});
