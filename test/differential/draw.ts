/** Small helpers of the generators. */
import type { Prng } from '../../src/common/prng.ts';
import type { Piece } from './tree.ts';

export const chance = (random: Prng, p: number): boolean => random.float() < p;
export const below = (random: Prng, n: number): number => random.int(0, n - 1);
export const some = <T>(random: Prng, low: number, high: number, make: (i: number) => T): T[] =>
  Array.from({ length: random.int(low, high) }, (_, i) => make(i));
/** Some of the items in their order, at least so many of those there are. */
export function someOf<T>(random: Prng, items: readonly T[], least = 1): readonly T[] {
  const taken = items.filter(() => chance(random, 0.5));
  return taken.length >= Math.min(least, items.length) ? taken : items.slice(0, least);
}
export function shuffled<T>(random: Prng, items: readonly T[]): T[] {
  const rest = [...items];
  return items.map(() => rest.splice(below(random, rest.length), 1)[0]!);
}
export const joined = (items: readonly Piece[], separator: string): Piece[] =>
  items.flatMap((x, i) => (i === 0 ? [x] : [separator, x]));
/** ORDER BY of every column. */
export const orderByAll = (random: Prng, count: number): string =>
  ` order by ${Array.from(
    { length: count },
    (_, i) => `${i + 1}${random.pick(['', '', ' desc', ' asc nulls first', ' desc nulls last'])}`,
  ).join(', ')}`;
