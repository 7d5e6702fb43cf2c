/**
 * Memory for writers: what is full is asked for relief, steps wait for what others hold, work in one go does not.
 */
import { describe, expect, test } from 'vitest';
import { RegionPool } from '../wasm/region-pool.ts';
import { roomFor, take, taken, withoutWaiting } from './slice-context.ts';

const PAGE = 65536;

/** A pool of which everything is taken, in single pages. */
function full(): { readonly pool: RegionPool; readonly pages: number[] } {
  const pool = new RegionPool(PAGE, 8 * PAGE);
  const pages: number[] = [];
  for (let at = pool.allocate(PAGE); at !== 0; at = pool.allocate(PAGE)) pages.push(at);
  return { pool, pages };
}

describe('a pool that is full', () => {
  test('gives what leaves memory for it at once', () => {
    const { pool, pages } = full();
    pool.relieve = () => (pages.length > 6 ? (pool.free(pages.pop()!), true) : false);
    expect(take({ pool }, PAGE)).toBeGreaterThan(0);
    expect(take({ pool }, PAGE)).toBeGreaterThan(0);
    expect(() => take({ pool }, PAGE)).toThrow('no memory left');
  });
  test('has steps wait until others give something back', () => {
    const { pool, pages } = full();
    pool.onShortage = () => true;
    const steps = taken({ pool }, 2 * PAGE);
    expect(steps.next().done).toBe(false);
    pool.free(pages[0]!);
    expect(steps.next().done).toBe(false);
    pool.free(pages[1]!);
    expect(steps.next()).toMatchObject({ done: true, value: Math.min(pages[0]!, pages[1]!) });
  });
  test('ends steps that shall not wait any longer', () => {
    const { pool } = full();
    let waits = 3;
    pool.onShortage = () => waits-- > 0;
    const steps = taken({ pool }, PAGE);
    for (let i = 0; i < 3; i++) expect(steps.next().done).toBe(false);
    expect(() => steps.next()).toThrow('no memory left');
  });
  test('lets steps that are left take nothing', () => {
    const { pool } = full();
    pool.onShortage = () => true;
    const steps = taken({ pool }, PAGE);
    steps.next();
    steps.return(0);
    expect(steps.next().done).toBe(true);
  });
  test('has no wait for work in one go', () => {
    const { pool } = full();
    pool.onShortage = () => true;
    expect(() => withoutWaiting({ pool }, () => taken({ pool }, PAGE).next())).toThrow('no memory left');
    expect(pool.onShortage()).toBe(true);
  });
  test('is waited for before rows are read in one go, but not for ever', () => {
    const { pool, pages } = full();
    let waits = 2;
    pool.onShortage = () => waits-- > 0;
    const steps = roomFor({ pool }, PAGE);
    expect(steps.next().done).toBe(false);
    pool.free(pages[0]!);
    expect(steps.next().done).toBe(true);
    expect([...roomFor({ pool }, 8 * PAGE)]).toHaveLength(1);
  });
});
