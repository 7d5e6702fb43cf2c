/**
 * How much of itself a long test does. A random test does its own number of trials, or the share of it that
 * SLICEHOUSE_TRIAL_SHARE says (`npm run check` sets a tenth); the first trials are the same ones whatever the share. A test
 * with a matrix of cases does some that a seed draws, which vitest.config.ts prints (SLICEHOUSE_DRAW=N draws the same);
 * SLICEHOUSE_TRIAL_SHARE=all makes it do all of them (`npm run campaign -- matrices`).
 */
import { Prng } from './prng.ts';

const SHARE = process.env['SLICEHOUSE_TRIAL_SHARE'] ?? '1';
/** Every matrix is done as a whole. */
export const isWhole = SHARE === 'all';

export function trials(count: number): number {
  return Math.max(1, Math.ceil(count * (isWhole ? 1 : Number(SHARE))));
}

/** Numbers that the seed of the run and a name give. */
function drawing(name: string): Prng {
  let state = Number(process.env['SLICEHOUSE_DRAW'] ?? '1') >>> 0;
  for (let i = 0; i < name.length; i++) state = Math.imul(state ^ name.charCodeAt(i), 0x01000193) >>> 0;
  return new Prng(state);
}
/** `count` of the items, in their order. `name` keeps drawings apart. */
export function drawn<T>(name: string, items: readonly T[], count: number): T[] {
  const random = drawing(name);
  const places = items.map((_, i) => i);
  const taken: number[] = [];
  while (taken.length < count && places.length > 0) taken.push(...places.splice(random.u32() % places.length, 1));
  return taken.sort((a, b) => a - b).map((i) => items[i]!);
}
/** As drawn(), and all of them where matrices are done as a whole. */
export function sampled<T>(name: string, items: readonly T[], count: number): T[] {
  return isWhole ? [...items] : drawn(name, items, trials(Math.min(count, items.length)));
}
