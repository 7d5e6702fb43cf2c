/**
 * The state of variances: however values are dealt to states and whatever the order of merging, the result is the exact
 * variance (BigInt rationals) to within rounding, also for large values with small differences and for equal values.
 */
import { describe, expect, it } from 'vitest';
import { Prng } from '../../common/prng.ts';
import { makeBench, split128 } from './test-bed.ts';

const b = await makeBench();
const SEED = 20261126;
const random = new Prng(SEED);

/** A fresh state at a place of its own. */
const state = (slot: number): bigint => {
  const at = (1 << 20) + slot * 64;
  b.bytes.fill(0, at, at + 40);
  return BigInt(at) | (40n << 32n);
};

/** Population variance as a double, from exact integers. */
function exactVariance(values: readonly bigint[]): number {
  const n = BigInt(values.length);
  const sum = values.reduce((a, v) => a + v, 0n);
  const numerator = values.reduce((a, v) => a + (v * n - sum) ** 2n, 0n);
  const denominator = n * n * n;
  const scale = 10n ** 30n;
  return Number((numerator * scale) / denominator) / 1e30;
}

function spread(values: readonly bigint[], states: number): number {
  const all = Array.from({ length: states }, (_, i) => state(i));
  for (const v of values) b.k['moments_add_i128']!(all[random.int(0, states - 1)]!, ...split128(v));
  const into = state(states);
  for (const s of all.sort(() => random.float() - 0.5)) b.k['moments_merge']!(into, s);
  return b.k['var_pop_final']!(b.ctx, into, 0);
}

describe(`variance, seed ${SEED}`, () => {
  const bases = [0n, 10n ** 9n, 2n ** 53n, 2n ** 63n - 1n, 10n ** 30n, 10n ** 38n - 1000n, -(10n ** 37n)];
  it.each(bases)('values near %s', (base) => {
    for (let trial = 0; trial < 30; trial++) {
      const range = random.pick([1, 3, 10, 500]);
      const values = Array.from({ length: random.int(1, 40) }, () => base + BigInt(random.int(0, range)));
      const want = exactVariance(values);
      const got = spread(values, random.int(1, 6));
      expect(Math.abs(got - want)).toBeLessThanOrEqual(1e-12 * Math.max(1, want));
    }
  });
  it('equal values give exactly 0 in every dealing, doubles too', () => {
    for (const v of [7n, 2n ** 63n, 10n ** 37n]) expect(spread(new Array<bigint>(25).fill(v), 4)).toBe(0);
    const [one, two] = [state(0), state(1)];
    for (let i = 0; i < 10; i++) b.k['moments_add_f64']!(i % 3 ? one : two, 0.1);
    b.k['moments_merge']!(one, two);
    expect(b.k['var_samp_final']!(b.ctx, one, 0)).toBe(0);
  });
  it('values on both ends of the range', () => {
    const far = [10n ** 38n - 1n, -(10n ** 38n) + 1n];
    expect(spread(far, 2) / 1e76).toBeCloseTo(1, 10);
  });
});

describe('sine and cosine of large arguments', () => {
  it.each([
    [1e22, -0.8522008497671888, 0.5232147853951389],
    [1e300, -0.8178819121159085, -0.5753861119575491],
    [6381956970095103 * 2 ** 797, 1, -4.6871659242546277e-19],
    [-1e22, 0.8522008497671888, 0.5232147853951389],
  ])('%s', (x, sin, cos) => {
    expect(b.k['math_sin']!(b.ctx, x)).toBeCloseTo(sin, 14);
    expect(Math.abs(b.k['math_cos']!(b.ctx, x) - cos)).toBeLessThan(Math.abs(cos) * 1e-14);
  });
  it('agree with the other engine in this process up to 2^53', () => {
    for (let i = 0; i < 2000; i++) {
      const x = (random.float() - 0.5) * 2 ** random.int(0, 54);
      expect(Math.abs(b.k['math_sin']!(b.ctx, x) - Math.sin(x))).toBeLessThan(1e-15);
      expect(Math.abs(b.k['math_cos']!(b.ctx, x) - Math.cos(x))).toBeLessThan(1e-15);
    }
  });
});
