/**
 * Scratch as a stack over regions: whatever a kernel does in between, release puts the position back; sizes that do not
 * fit are Out Of Memory; and the checked kernels see what the others must never do.
 */
import { describe, expect, it } from 'vitest';
import { ALLOCATION_BYTES_MAX } from '../../common/limits.ts';
import { CTX } from '../memory-map.ts';
import { makeBench, type Bench } from './test-bed.ts';

const [plain, checked] = [await makeBench(), await makeBench(true)];
const position = (b: Bench): bigint => b.view.getBigInt64(b.ctx + CTX.SCRATCH_CUR, true);
const alloc = (b: Bench, bytes: number): number => b.k['alloc_scratch']!(b.ctx, BigInt(bytes));

describe.each([
  ['kernels', plain],
  ['checked kernels', checked],
])('%s', (_name, b) => {
  it('releases to a mark across regions', () => {
    b.reset();
    alloc(b, 100);
    const marked = b.k['mark']!(b.ctx);
    expect(marked).toBe(position(b));
    const small = alloc(b, 20);
    const big = alloc(b, 300_000);
    b.bytes.fill(7, big, big + 300_000);
    expect([small % 8, big % 8]).toEqual([0, 0]);
    alloc(b, 3);
    b.k['release']!(b.ctx, marked);
    expect(position(b)).toBe(marked);
    expect(alloc(b, 20)).toBe(small);
  });
  it('refuses sizes below zero and above the limit', () => {
    for (const bytes of [-1n, -(2n ** 31n), -(2n ** 63n), BigInt(ALLOCATION_BYTES_MAX) + 1n, 2n ** 32n + 8n, 2n ** 62n]) {
      for (const name of ['alloc_scratch', 'alloc_arena']) {
        b.reset();
        const before = position(b);
        expect(b.k[name]!(b.ctx, bytes), `${name} ${bytes}`).toBe(0);
        expect(b.error()).toContain('Out Of Memory');
        expect(position(b)).toBe(before);
      }
    }
  });
  it('keeps the argument of an error: nothing is released after one', () => {
    b.reset();
    const marked = b.k['mark']!(b.ctx);
    expect(() => b.callMore('str_split_part', 'a,b', ',', 0)).toThrow('field position must be greater than zero');
    b.k['release']!(b.ctx, marked);
    expect(b.error()).toBe('field position must be greater than zero');
  });
  it('gives scratch back from kernels that return no text', () => {
    b.reset();
    const long = 'pq'.repeat(3000);
    const calls: [string, ...(string | number | bigint)[]][] = [
      ['regex_match', long, '(p|q)+x?'],
      ['regex_imatch', long, 'Q[a-p]\\w'],
      ['str_similar', long, '(pq)+'],
      ['regexp_count', long, 'qp', 1, ''],
      ['regexp_instr', long, 'q(p)', 1, 2, 0, 'e'],
      ['str_difference', 'Smith', 'Smythe'],
      ['murmur_int8_seed', 5n, 3],
      ['text_to_float8', '1.7976931348623157081452742373170435e308'],
    ];
    const before = position(b);
    for (const [name, ...args] of calls) {
      b.callMore(name, ...args);
      expect(position(b), name).toBe(before);
    }
  });
  it('keeps compiled patterns apart', () => {
    b.reset();
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 40; i++) {
        expect(b.callMore('regex_match', `x${i}y`, `^x${i}[a-z]$`), `${i}`).toBe(1);
        expect(b.callMore('str_similar', `x${i}y`, `x${i}[a-z]`), `${i}`).toBe(1);
        expect(b.callMore('regex_match', `x${i}1`, `^x${i}[a-z]$`), `${i}`).toBe(0);
      }
    }
  });
});

it('shrinks the newest allocation only', () => {
  plain.reset();
  const a = alloc(plain, 64);
  plain.k['shrink_scratch']!(plain.ctx, a, 10);
  const b = alloc(plain, 64);
  expect(b).toBe(a + 16);
  const before = position(plain);
  plain.k['shrink_scratch']!(plain.ctx, a, 5);
  expect(position(plain)).toBe(before);
  const far = alloc(plain, 1 << 20);
  plain.k['shrink_scratch']!(plain.ctx, b, 5);
  expect(alloc(plain, 8)).toBe(far + (1 << 20));
});

describe('the checked kernels trap', () => {
  it.each([
    ['a byte behind an allocation', (at: number) => (checked.bytes[at + 20] = 1)],
    ['a byte before an allocation', (at: number) => (checked.bytes[at - 1] = 1)],
  ])('on %s', (_what, write) => {
    checked.reset();
    const marked = checked.k['mark']!(checked.ctx);
    write(alloc(checked, 20));
    expect(() => checked.k['release']!(checked.ctx, marked)).toThrow(WebAssembly.RuntimeError);
    checked.bytes.fill(0, checked.ctx, checked.ctx + CTX.BYTES);
  });
  it('on a shrink of an older allocation and on a release upwards', () => {
    checked.reset();
    const empty = position(checked);
    const a = alloc(checked, 20);
    const above = position(checked);
    alloc(checked, 20);
    expect(() => checked.k['shrink_scratch']!(checked.ctx, a, 4)).toThrow(WebAssembly.RuntimeError);
    checked.k['release']!(checked.ctx, empty);
    expect(() => checked.k['release']!(checked.ctx, above)).toThrow(WebAssembly.RuntimeError);
    checked.bytes.fill(0, checked.ctx, checked.ctx + CTX.BYTES);
  });
  it('poisons what is released', () => {
    checked.reset();
    const marked = checked.k['mark']!(checked.ctx);
    const a = alloc(checked, 20);
    checked.bytes.fill(1, a, a + 20);
    checked.k['release']!(checked.ctx, marked);
    expect([...checked.bytes.subarray(a, a + 20)].every((v) => v === 0xdb)).toBe(true);
  });
});
