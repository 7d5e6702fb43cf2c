/** Every value that a list holds is found in it, in every form, and no other. Seed 20261126. */
import { describe, expect, test } from 'vitest';
import { Prng } from '../../common/prng.ts';
import { packList, type ListForm } from '../../types/value-list.ts';
import { makeBench } from './test-bed.ts';

const random = new Prng(20261126);
const LIST_AT = 1 << 20;
const b = await makeBench();

function place(form: ListForm, values: readonly unknown[]): void {
  b.bytes.set(packList(form, values), LIST_AT);
}
const word = (): bigint => BigInt.asIntN(64, (BigInt(random.u32()) << 32n) | BigInt(random.u32())) >> BigInt(random.u32() % 60);
const wide = (): bigint => BigInt.asIntN(128, (word() << 64n) + BigInt.asUintN(64, word())) >> BigInt(random.u32() % 100);
const float = (): number => [0, -0, NaN, Infinity, -Infinity, (random.u32() - 2 ** 31) / 7, random.u32() % 9][random.u32() % 7]!;
const text = (): string => ['', 'a', 'a ', ' a', 'ab', 'é', 'x'.repeat(random.u32() % 20)][random.u32() % 7]! + String(random.u32() % 30).slice(random.u32() % 3);

const FORMS: readonly { form: ListForm; make: () => unknown; key: (v: never) => unknown; has: (v: never) => number }[] = [
  { form: 'i64', make: word, key: (v: bigint) => v, has: (v: bigint) => Number(b.k['list_has_i64']!(LIST_AT, v)) },
  {
    form: 'i128',
    make: wide,
    key: (v: bigint) => v,
    has: (v: bigint) => Number(b.k['list_has_i128']!(LIST_AT, BigInt.asIntN(64, v), v >> 64n)),
  },
  {
    form: 'f64',
    make: float,
    key: (v: number) => String(v + 0),
    has: (v: number) => Number(b.k['list_has_f64']!(LIST_AT, v)),
  },
  {
    form: 'str',
    make: text,
    key: (v: string) => v.replace(/ +$/, ''),
    has: (v: string) => {
      b.reset();
      return Number(b.k['list_has_str']!(LIST_AT, b.str(v)));
    },
  },
];

describe.each(FORMS)('$form', ({ form, make, key, has }) => {
  test('what is in the list is found, what is not is not', () => {
    for (const size of [0, 1, 2, 3, 7, 64, 1000]) {
      const values = Array.from({ length: size }, make);
      const known = new Set(values.map((v) => key(v as never)));
      place(form, [...values, ...values]);
      expect(b.view.getUint32(LIST_AT, true)).toBe(known.size);
      for (const v of [...values, ...Array.from({ length: 50 }, make)])
        expect([v, has(v as never)]).toEqual([v, known.has(key(v as never)) ? 1 : 0]);
    }
  });
  test('NULL is told apart from the values', () => {
    place(form, [null, make(), undefined]);
    expect([b.view.getUint32(LIST_AT, true), b.view.getUint32(LIST_AT + 4, true)]).toEqual([1, 1]);
    place(form, [make()]);
    expect(b.view.getUint32(LIST_AT + 4, true)).toBe(0);
  });
});

test('a numeric beyond 64 bits equals no value of one word', () => {
  place('i64', [2n ** 64n + 5n, 5n]);
  expect(b.view.getUint32(LIST_AT, true)).toBe(1);
});
