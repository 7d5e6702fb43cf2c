/**
 * Sketches of approximate counts: near the truth at every size, small while they hold little, and the same whether values
 * came to one sketch or to several that were merged, listed or not.
 */
import { describe, expect, it } from 'vitest';
import { CTX } from '../memory-map.ts';
import { makeBench, type Bench } from './test-bed.ts';

const used = (b: Bench): number => b.view.getUint32(b.ctx + CTX.ARENA_CUR, true) - (24 << 20);

describe.each([
  ['kernels', await makeBench()],
  ['checked kernels', await makeBench(true)],
])('%s', (_name, b) => {
  const sketch = (from: number, to: number): bigint => {
    let state = 0n;
    for (let i = from; i < to; i++) state = b.k['hll_add']!(b.ctx, state, b.k['hash_i64']!(BigInt(i))) as bigint;
    return state;
  };
  const estimate = (state: bigint): number => Number(b.k['hll_estimate']!(b.ctx, state));

  it.each([0, 1, 2, 100, 127, 128, 129, 200, 5000, 100_000])('estimates %d values within a few per cent', (count) => {
    b.reset();
    const got = estimate(sketch(0, count));
    expect(Math.abs(got - count)).toBeLessThanOrEqual(Math.max(1, count * 0.08));
    expect(b.error()).toBeUndefined();
  });

  it('holds few values in a few bytes, and many in no more than its registers', () => {
    b.reset();
    sketch(0, 1);
    expect(used(b)).toBeLessThanOrEqual(64);
    b.reset();
    const many = sketch(0, 100_000);
    expect(Number(many >> 32n)).toBe(2048);
    expect(used(b)).toBeLessThan(4096);
  });

  it.each([
    [10, 10],
    [100, 100],
    [10, 5000],
    [5000, 10],
    [5000, 5000],
    [0, 10],
    [0, 5000],
  ])('merging %d and %d values, some of them alike, is the sketch of all', (one, other) => {
    b.reset();
    const from = Math.floor(one / 2);
    const merged = b.k['hll_merge']!(b.ctx, sketch(0, one), sketch(from, from + other)) as bigint;
    expect(estimate(merged)).toBe(estimate(sketch(0, Math.max(one, from + other))));
  });
});
