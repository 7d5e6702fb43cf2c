/**
 * Texts held by aggregates: however many are appended or replaced, the result is right and the arena grows with what is
 * held, never with the number of rows.
 */
import { describe, expect, it } from 'vitest';
import { CTX } from '../memory-map.ts';
import { makeBench, type Bench } from './test-bed.ts';

const used = (b: Bench): number => b.view.getUint32(b.ctx + CTX.ARENA_CUR, true) - (24 << 20);

describe.each([
  ['kernels', await makeBench()],
  ['checked kernels', await makeBench(true)],
])('%s', (_name, b) => {
  const piece = (text: string): bigint => {
    b.reset();
    return b.str(text);
  };

  it('appends in place: the arena holds a few times the text', () => {
    const s = piece('ab,');
    let state = 0n;
    for (let i = 0; i < 50_000; i++) state = b.k['text_append']!(b.ctx, state, s, 0);
    expect(b.text(state)).toBe('ab,'.repeat(50_000));
    expect(used(b)).toBeLessThan(150_000 * 5);
    expect(b.error()).toBeUndefined();
  });

  it('replaces in place: shorter, longer and empty texts, two states beside each other', () => {
    b.reset();
    const texts = ['m', '', 'a much longer text than the one before', 'short', 'x'.repeat(300), 'y'];
    const given = texts.map((t) => b.str(t));
    let [one, other] = [0n, 0n];
    for (let round = 0; round < 5000; round++) {
      const i = round % texts.length;
      one = b.k['text_replace']!(b.ctx, one, given[i]!);
      other = b.k['text_replace']!(b.ctx, other, given[(i + 1) % texts.length]!);
      expect(b.text(one)).toBe(texts[i]);
      expect(b.text(other)).toBe(texts[(i + 1) % texts.length]);
    }
    expect(used(b)).toBeLessThan(4000);
  });

  it('refuses a text that is longer than any may be', () => {
    const s = piece('zz');
    const nearlyFull = BigInt(24 << 20) | (15_999_999n << 32n);
    expect(b.k['text_append']!(b.ctx, nearlyFull, s, 0)).toBe(0n);
    expect(b.error()).toContain('16000000');
  });
});
