/**
 * The chain of scratch regions: positions stay valid, free regions are used again, and the chain holds no more than the
 * deepest stack needed. Random walks come from a printed seed.
 */
import { expect, test } from 'vitest';
import { ALLOCATION_BYTES_MAX, REGION_BYTES_MAX, REGION_BYTES_MIN } from '../common/limits.ts';
import { Prng } from '../common/prng.ts';
import { RegionChain, regionBytes, type Region } from './region-chain.ts';

class Source {
  readonly live = new Map<number, number>();
  private next = 65536;
  left = Infinity;
  allocate(bytes: number): number {
    if (bytes > this.left) return 0;
    const at = this.next;
    this.next += bytes;
    this.live.set(at, bytes);
    return at;
  }
  free(at: number): void {
    expect(this.live.delete(at), 'freed once').toBe(true);
  }
  get bytes(): number {
    return [...this.live.values()].reduce((a, b) => a + b, 0);
  }
}

test('a region of the right size, doubling up to a bound', () => {
  expect(regionBytes(10, 0)).toBe(REGION_BYTES_MIN);
  expect(regionBytes(10, REGION_BYTES_MIN)).toBe(REGION_BYTES_MIN * 2);
  expect(regionBytes(10, REGION_BYTES_MAX)).toBe(REGION_BYTES_MAX);
  expect(regionBytes(REGION_BYTES_MAX + 1, REGION_BYTES_MAX)).toBe(REGION_BYTES_MAX * 2);
  expect(regionBytes(ALLOCATION_BYTES_MAX, 0)).toBe(ALLOCATION_BYTES_MAX);
});

test('the same rows again and again take no more memory', () => {
  const source = new Source();
  const chain = new RegionChain(source);
  const first = chain.open()!;
  const sizes = [20_000, 100, 900_000, 30_000, 3_000_000, 5];
  let peak = 0;
  for (let row = 0; row < 1000; row++) {
    let region: Region = first;
    for (const bytes of sizes) region = chain.grow(region.end, bytes)!;
    if (row === 0) peak = source.bytes;
    expect(source.bytes).toBe(peak);
    expect(chain.bytes).toBe(peak);
  }
});

test('memory that is out changes nothing', () => {
  const source = new Source();
  const chain = new RegionChain(source);
  const first = chain.open()!;
  const second = chain.grow(first.end, 100)!;
  source.left = 0;
  expect(chain.grow(second.end, 100)).toBeUndefined();
  expect(chain.grow(first.end, 100)).toEqual(second);
});

test('no region is handed out while the stack reaches into it', () => {
  const seed = 4711;
  const random = new Prng(seed);
  const source = new Source();
  const chain = new RegionChain(source);
  const stack: Region[] = [chain.open()!];
  for (let i = 0; i < 3000; i++) {
    const top = stack[stack.length - 1]!;
    if (random.int(0, 2) === 0 && stack.length > 1) stack.length = random.int(1, stack.length - 1);
    else {
      const bytes = random.int(1, 1 << random.int(1, 22));
      const next = chain.grow(top.end, bytes)!;
      expect(next.end - next.start, `seed ${seed}`).toBeGreaterThanOrEqual(bytes);
      expect(
        stack.every((r) => r.end <= next.start || next.end <= r.start),
        `seed ${seed}`,
      ).toBe(true);
      stack.push(next);
    }
    expect(
      stack.every((r) => source.live.get(r.start) === r.end - r.start),
      `seed ${seed}`,
    ).toBe(true);
  }
});

test('what lies behind the position can be given back, what is before it stays', () => {
  const source = new Source();
  const chain = new RegionChain(source);
  expect(chain.trim(0)).toBe(false);
  const first = chain.open()!;
  const second = chain.grow(first.end, 900_000)!;
  chain.grow(second.end, 16_000_000);
  expect(chain.trim(second.end)).toBe(true);
  expect([...source.live.keys()]).toEqual([first.start, second.start]);
  expect(chain.trim(second.end)).toBe(false);
  expect(chain.trim(first.end)).toBe(true);
  expect([...source.live.keys()]).toEqual([first.start]);
  expect(chain.grow(first.end, 100)).toBeDefined();
});
