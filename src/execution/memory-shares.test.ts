/** Node memory among queries: guarantees, what nobody uses, and who goes on when it is short. */
import { expect, test } from 'vitest';
import { PAGE_BYTES, RegionPool } from '../wasm/region-pool.ts';
import { MemoryShares, type Sharer } from './memory-shares.ts';

const PAGES = 400;
const pool = (): RegionPool => new RegionPool(PAGE_BYTES, PAGES * PAGE_BYTES);
const sharer = (order: number, usedBytes = 0, share = 1 / 7): Sharer & { usedBytes: number } => ({
  order,
  usedBytes,
  share,
  bytesMax: 1000,
});

test('a lone query may use all, and gives way to what others use down to its guarantee', () => {
  const shares = new MemoryShares(pool());
  const [a, b] = [sharer(1), sharer(2)];
  shares.join(a);
  expect(shares.grantOf(a)).toBe(700);
  shares.join(b);
  expect(shares.grantOf(a)).toBe(700);
  b.usedBytes = 300;
  expect(shares.grantOf(a)).toBe(400);
  b.usedBytes = 690;
  expect(shares.grantOf(a)).toBe(100);
  shares.leave(b);
  expect(shares.grantOf(a)).toBe(700);
});

test('when less than the reserve is free only the oldest goes on', () => {
  const region = pool();
  const shares = new MemoryShares(region);
  const [a, b, c] = [sharer(1), sharer(2), sharer(3)];
  for (const s of [c, a, b]) shares.join(s);
  const at = region.allocate(PAGES * 0.8 * PAGE_BYTES);
  expect([a, b, c].map((s) => shares.mayTake(s, 0))).toEqual([true, false, false]);
  shares.leave(a);
  expect([b, c].map((s) => shares.mayTake(s, 0))).toEqual([true, false]);
  // One that waits for memory lets the next one go on.
  expect(shares.block(b)).toBe(true);
  expect([b, c].map((s) => shares.mayTake(s, 0))).toEqual([false, true]);
  shares.unblock(b);
  expect(shares.mayTake(b, 0)).toBe(true);
  region.free(at);
  expect([b, c].map((s) => shares.mayTake(s, 0))).toEqual([true, true]);
});

test('rows that cannot leave memory pass the guarantee only when no older query could need it', () => {
  const shares = new MemoryShares(pool());
  const [a, b] = [sharer(1, 0), sharer(2, 500)];
  b.usedBytes = 500;
  shares.join(a);
  shares.join(b);
  expect(shares.mayKeep(a)).toBe(true);
  expect(shares.mayKeep(b)).toBe(true);
  const large = { ...sharer(0), bytesMax: PAGES * PAGE_BYTES };
  shares.join(large);
  expect(shares.mayKeep(b)).toBe(false);
  b.usedBytes = 90;
  expect(shares.mayKeep(b)).toBe(true);
});
