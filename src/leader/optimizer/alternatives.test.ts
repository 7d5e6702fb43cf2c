/**
 * When a join by alternatives is a hash join each: many pairs, rows that are the same when they are read again, a key in every
 * alternative; and what the parts are for each type of join.
 */
import { expect, test } from 'vitest';
import type { BoundExpr } from '../../expressions/bound.ts';
import type { JoinType, Rel } from '../../expressions/relation.ts';
import { BOOL } from '../../types/sql-type.ts';
import { cmp, col, eq, join, limited, nodesOf, Schema } from './fixture.ts';

const columns = { x: {}, y: {}, v: {} };
const sized = (a: number, b: number): Schema =>
  new Schema({
    a: { rows: a, dist: 'even', columns },
    b: { rows: b, dist: 'even', columns },
    k: { rows: a, dist: 'x', columns },
  });
const or = (...args: readonly BoundExpr[]): BoundExpr => ({ kind: 'or', type: BOOL, args });
const by = (a: Rel, b: Rel): BoundExpr => or(eq(col(a, 'x'), col(b, 'x')), eq(col(a, 'y'), col(b, 'y')));

/** The joins of a plan, outermost first: loops, or the types of hash joins. */
function joins(s: Schema, type: JoinType, on: (a: Rel, b: Rel) => BoundExpr, right?: (s: Schema) => Rel): string[] {
  const [a, b] = [s.get('a'), right?.(s) ?? s.get('b')];
  const { root } = s.select(join(type, a, b, on(a, b)));
  const loops = nodesOf(root, 'nested-loop').map(() => 'loop');
  return [...loops, ...nodesOf(root, 'hash-join').map((n) => n.joinType)];
}

test('few pairs stay a loop, many are a join an alternative', () => {
  expect(joins(sized(1000, 1000), 'inner', by)).toEqual(['loop']);
  expect(joins(sized(10_000, 10_000), 'inner', by)).toEqual(['inner', 'inner']);
  // Reading the large side again costs more than a few tries for each of its rows.
  expect(joins(sized(1_000_000, 10), 'inner', by)).toEqual(['loop']);
});
test('the parts of each type of join', () => {
  const s = sized(10_000, 10_000);
  expect(joins(s, 'left', by)).toEqual(['inner', 'inner', 'anti', 'anti']);
  expect(joins(s, 'semi', by)).toEqual(['semi', 'semi', 'anti']);
  expect(joins(s, 'anti', by)).toEqual(['anti', 'anti']);
  expect(joins(s, 'anti-null-aware', by)).toEqual(['loop']);
});
test('every alternative has a key', () => {
  const s = sized(10_000, 10_000);
  const range = (a: Rel, b: Rel): BoundExpr => or(eq(col(a, 'x'), col(b, 'x')), cmp('<', col(a, 'y'), col(b, 'y')));
  const own = (a: Rel, b: Rel): BoundExpr => or(eq(col(a, 'x'), col(b, 'x')), eq(col(a, 'y'), col(a, 'v')));
  expect(joins(s, 'inner', range)).toEqual(['loop']);
  expect(joins(s, 'inner', own)).toEqual(['loop']);
});
test('rows that may be others when they are read again are read once', () => {
  expect(joins(sized(10_000, 10_000), 'inner', by, (s) => limited(s.get('b'), 9000))).toEqual(['loop']);
});
test('a later alternative leaves out the pairs of the earlier ones', () => {
  const s = sized(10_000, 10_000);
  const [a, b] = [s.get('a'), s.get('b')];
  const parts = nodesOf(s.select(join('inner', a, b, by(a, b))).root, 'hash-join');
  expect(parts.map((p) => p.residual.map((c) => c.kind))).toEqual([[], ['not']]);
});
