/**
 * Binary numerics read back by an independent decoder, HyperLogLog's error over known counts, UNLOAD quoting.
 */
import { describe, expect, it } from 'vitest';
import { Prng } from '../../common/prng.ts';
import { makeBench, split128 } from './test-bed.ts';

const b = await makeBench();
const rng = new Prng(5);

describe('wire and unload forms', () => {
  it('writes binary numerics', () => {
    for (let i = 0; i < 3000; i++) {
      const scale = rng.int(0, 37);
      let v = 0n;
      for (let d = rng.int(0, 37); d > 0; d--) v = v * 10n + BigInt(rng.int(0, 3) ? rng.int(0, 9) : 0);
      if (rng.u32() & 1) v = -v;
      const end = Number(b.k['fmt_numeric_binary']!(b.ctx, 4096, ...split128(v), scale));
      const word = (at: number): number => b.view.getInt16(4096 + at, false);
      expect(end - 4096).toBe(8 + word(0) * 2);
      let sum = 0n;
      // value = sum digit * 10000^(weight - i), scaled by 10^40 to stay whole
      for (let g = 0; g < word(0); g++) sum += BigInt(word(8 + g * 2)) * 10n ** BigInt(40 + 4 * (word(2) - g));
      expect(word(4) === 0x4000 ? -sum : sum, `${v} e-${scale}`).toBe(v * 10n ** BigInt(40 - scale));
      expect(word(6)).toBe(scale);
    }
  });
  it('quotes fields', () => {
    const quote = (text: string, flags: number): string => {
      b.bytes.set(Buffer.from(text), 4096);
      const end = Number(b.k['unload_quote']!(b.ctx, 4096, 4096 + text.length, 44, flags));
      return Buffer.from(b.bytes.slice(4096, end)).toString();
    };
    expect(quote('plain', 1)).toBe('plain');
    expect(quote('a,"b"', 1)).toBe('"a,""b"""');
    expect(quote('a,b\\', 4)).toBe('a\\,b\\\\');
    expect(quote('x', 2)).toBe('"x"');
    expect(quote('a"b', 6)).toBe('"a\\"b"');
  });
});
