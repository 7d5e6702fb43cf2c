/**
 * Free memory stays in large pieces: what is small and stays for long does not lie between what is large and goes.
 */
import { expect, test } from 'vitest';
import { PAGE_BYTES, RegionPool } from './region-pool.ts';

test('small pieces that stay leave the place of large ones that went in one piece', () => {
  const pool = new RegionPool(PAGE_BYTES, 64 * PAGE_BYTES);
  const large: number[] = [];
  const small: number[] = [];
  for (let i = 0; i < 8; i++) {
    large.push(pool.allocate(4 * PAGE_BYTES));
    small.push(pool.allocate(1024), pool.allocate(PAGE_BYTES), pool.allocate(2 * PAGE_BYTES));
  }
  expect(new Set([...large, ...small]).size).toBe(32);
  expect(small).not.toContain(0);
  for (const at of large) pool.free(at);
  expect(pool.allocate(32 * PAGE_BYTES)).not.toBe(0);
  for (const at of small) pool.free(at);
});

test('all of it can be taken, page by page, and comes back whole', () => {
  const pool = new RegionPool(PAGE_BYTES, 16 * PAGE_BYTES);
  const pages = Array.from({ length: 16 }, () => pool.allocate(PAGE_BYTES));
  expect(new Set(pages).size).toBe(16);
  expect(pool.allocate(PAGE_BYTES)).toBe(0);
  for (const at of pages) pool.free(at);
  expect(pool.usedBytes).toBe(0);
  expect(pool.allocate(16 * PAGE_BYTES)).not.toBe(0);
});
