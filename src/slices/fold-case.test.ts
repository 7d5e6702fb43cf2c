/**
 * The leader folds case as the kernels do: every character alone, and texts at random; and the kernels agree among
 * themselves: equal when the folded bytes are, ordered, hashed and keyed by them.
 */
import { expect, test } from 'vitest';
import { Prng } from '../common/prng.ts';
import { foldCase } from '../types/fold-case.ts';
import { packList } from '../types/value-list.ts';
import { makeBench } from '../wasm/runtime/test-bed.ts';
import { stringZone } from './zone-map.ts';

const bed = await makeBench();
type Kernel = (...a: (bigint | number)[]) => bigint & number;
const k = bed.k as unknown as Record<string, Kernel>;
const fold = (text: string): string => bed.text(k['str_fold']!(bed.ctx, bed.str(text)));

test('every character', () => {
  for (let c = 1; c < 0x30000; c += 997) {
    if (c >= 0xd800 && c < 0xe000) continue;
    bed.reset();
    const last = Math.min(c + 997, 0x30000);
    let text = '';
    for (let i = c; i < last; i++) if (i < 0xd800 || i >= 0xe000) text += String.fromCodePoint(i);
    expect(fold(text)).toBe(foldCase(text));
    expect(foldCase(foldCase(text))).toBe(foldCase(text));
    const grows = [...text].filter((ch) => Buffer.byteLength(foldCase(ch)) > Buffer.byteLength(ch));
    expect(grows).toEqual([]);
  }
});

test('texts at random', () => {
  const random = new Prng(11);
  const letters = [
    'a',
    'A',
    'b',
    'B',
    'z',
    'Z',
    '[',
    '`',
    '@',
    '{',
    ' ',
    '\0',
    'é',
    'É',
    'ß',
    'ẞ',
    'İ',
    'Ж',
    'ж',
    '😀',
    'Σ',
    'ς',
  ];
  const text = (): string => Array.from({ length: random.int(0, 20) }, () => random.pick(letters)).join('');
  const trimmed = (t: string): Buffer => Buffer.from(foldCase(t).replace(/ +$/, ''));
  for (let i = 0; i < 5000; i++) {
    bed.reset();
    const a = text();
    const b =
      random.int(0, 2) === 0 ? [...a].map((c) => (random.int(0, 1) === 0 ? c.toUpperCase() : c)).join('') : text();
    const [x, y] = [bed.str(a), bed.str(b)];
    const order = Math.sign(Buffer.compare(trimmed(a), trimmed(b)));
    expect([a, b, k['folded_cmp']!(x, y)]).toEqual([a, b, order]);
    expect(k['folded_eq']!(x, y)).toBe(order === 0 ? 1 : 0);
    if (order === 0) expect(k['hash_folded']!(x)).toBe(k['hash_folded']!(y));
    const key = (s: bigint): Buffer => {
      const at = Number(k['alloc_scratch']!(bed.ctx, 256n));
      const end = Number(k['key_folded']!(at, s, 0));
      expect(end - at).toBeLessThanOrEqual(Number(k['key_str_bytes']!(s)));
      return Buffer.from(bed.bytes.slice(at, end));
    };
    expect(Math.sign(Buffer.compare(key(x), key(y)))).toBe(order);
    const zones = [stringZone(foldCase(a)), stringZone(foldCase(b))] as const;
    if (order < 0) expect(zones[0] <= zones[1]).toBe(true);
    if (order === 0) expect(zones[0]).toBe(zones[1]);
  }
});

test('a list of folded texts', () => {
  bed.reset();
  const list = packList('folded', ['Ada', 'ADA ', 'bob', 'Émile', null]);
  const at = Number(k['alloc_scratch']!(bed.ctx, BigInt(list.length)));
  bed.bytes.set(list, at);
  for (const t of ['ada', 'BOB  ', 'ÉMILE', 'émile']) expect(k['list_has_folded']!(at, bed.str(t))).toBe(1);
  for (const t of ['', 'adaa', 'bo', 'emile']) expect(k['list_has_folded']!(at, bed.str(t))).toBe(0);
});
