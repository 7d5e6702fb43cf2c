/**
 * The movement matrix: which DS_ label a join gets for each pair of distributions, what the rules of outer joins forbid,
 * and that statistics, not syntax, decide.
 */
import { describe, expect, test } from 'vitest';
import type { JoinType } from '../../expressions/relation.ts';
import type { Distribution } from '../plan/plan.ts';
import { chooseMovement } from './distribution.ts';
import type { JoinSide } from './distribution.ts';
import { col, eq, join, nodesOf, Schema, shape } from './fixture.ts';
import type { TableSpec } from './fixture.ts';

const same = (a: number, b: number): boolean => a === b;
const side = (distribution: Distribution, rows: number, pinned = false): JoinSide => ({
  distribution,
  rows,
  width: 8,
  pinned,
});
const KEY1: Distribution = { kind: 'key', keys: [1] };
const KEY2: Distribution = { kind: 'key', keys: [2] };
const OTHER: Distribution = { kind: 'key', keys: [9] };
const EVEN: Distribution = { kind: 'even' };
const ALL: Distribution = { kind: 'all' };
const keys = [{ outer: 1, inner: 2 }];
const label = (
  type: 'inner' | 'left' | 'full' | 'semi' | 'anti-null-aware',
  a: JoinSide,
  b: JoinSide,
): string | undefined => chooseMovement(type, a, b, keys, same, a.rows, 4)?.movement;

describe('movement by the two distributions (outer rows, inner rows)', () => {
  test.each([
    ['both on the key', KEY1, 1000, KEY2, 1000, 'DS_DIST_NONE'],
    ['inner ALL', EVEN, 1000, ALL, 1000, 'DS_DIST_ALL_NONE'],
    ['both ALL', ALL, 1000, ALL, 1000, 'DS_DIST_ALL_NONE'],
    ['outer on the key', KEY1, 1000, EVEN, 1000, 'DS_DIST_INNER'],
    ['inner on the key', OTHER, 1000, KEY2, 1000, 'DS_DIST_OUTER'],
    ['neither, like sizes', EVEN, 1000, OTHER, 1000, 'DS_DIST_BOTH'],
    ['neither, small inner', EVEN, 100000, EVEN, 10, 'DS_BCAST_INNER'],
    ['inner on the key but tiny beside the outer', EVEN, 100000, KEY2, 10, 'DS_BCAST_INNER'],
    ['outer ALL, small inner', ALL, 1000, EVEN, 10, 'DS_DIST_ALL_INNER'],
  ] as const)('%s', (_, outer, outerRows, inner, innerRows, expected) => {
    expect(label('inner', side(outer, outerRows), side(inner, innerRows))).toBe(expected);
  });

  test('a left join may broadcast its inner side, a full join never', () => {
    expect(label('left', side(EVEN, 100000), side(EVEN, 10))).toBe('DS_BCAST_INNER');
    expect(label('full', side(EVEN, 100000), side(EVEN, 10))).toBe('DS_DIST_BOTH');
    expect(label('full', side(EVEN, 100000), side(ALL, 10))).toBe('DS_DIST_BOTH');
  });
  test('a preserved ALL side is read once when the inner side is spread', () => {
    const choice = chooseMovement('left', side(ALL, 1000), side(EVEN, 10), keys, same, 1000, 4)!;
    expect([choice.outer.kind, choice.inner.kind, choice.result.kind]).toEqual(['single', 'single', 'single']);
  });
  test('NOT IN keeps the inner side whole even where both sides are on the key', () => {
    expect(label('anti-null-aware', side(KEY1, 1000), side(KEY2, 1000))).toBe('DS_BCAST_INNER');
  });
  test('a join of too many pairs on the leader goes to the slices, unless its rows cannot leave', () => {
    const leader = (rows: number, leaderOnly = false): JoinSide => ({
      ...side({ kind: 'leader' }, rows),
      leaderOnly,
    });
    const loop = (a: JoinSide, b: JoinSide): string | undefined =>
      chooseMovement('inner', a, b, [], same, a.rows * b.rows, 4)?.result.kind;
    expect(loop(leader(1000), leader(1000))).toBe('leader');
    expect(loop(leader(10_000), leader(1000))).toBe('even');
    expect(loop(leader(10_000, true), leader(1000))).toBe('leader');
    const hashed = (pairs: number): string | undefined =>
      chooseMovement('inner', leader(10_000), leader(10_000), keys, same, pairs, 4)?.result.kind;
    expect(hashed(10_000)).toBe('leader');
    expect(hashed(10_000_000)).toBe('key');
  });
  test('pinned rows stay: the inner side comes to them or the choice is refused', () => {
    expect(label('inner', side(EVEN, 10, true), side(KEY2, 100000))).toBe('DS_BCAST_INNER');
    expect(label('inner', side(KEY1, 10, true), side(EVEN, 100000))).toBe('DS_DIST_INNER');
    expect(label('inner', side(KEY1, 10), side(KEY2, 10, true))).toBeUndefined();
  });
  test('part of a compound key is enough when the distribution is on that part', () => {
    const two = [
      { outer: 5, inner: 6 },
      { outer: 1, inner: 2 },
    ];
    expect(chooseMovement('inner', side(KEY1, 100), side(KEY2, 100), two, same, 100, 4)!.movement).toBe(
      'DS_DIST_NONE',
    );
    expect(chooseMovement('inner', side(KEY1, 100), side(EVEN, 100), two, same, 100, 4)!.inner).toEqual({
      kind: 'hash',
      keys: [1],
    });
  });
});

const table = (rows: number, dist: string, distinct = rows): TableSpec => ({
  rows,
  dist,
  columns: { k: { distinct }, v: {} },
});
function movementOf(
  a: TableSpec,
  b: TableSpec,
  type: JoinType = 'inner',
): { label: string; outer: string; plan: readonly string[] } {
  const s = new Schema({ a, b });
  const [x, y] = [s.get('a'), s.get('b')];
  const plan = s.select(join(type, x, y, eq(col(x, 'k'), col(y, 'k'))));
  const node = nodesOf(plan.root, 'hash-join')[0]!;
  return { label: node.movement, outer: nodesOf(node.outer, 'scan')[0]!.tableName, plan: shape(plan.root) };
}

describe('statistics decide', () => {
  test('the larger table is outer, whichever stands first', () => {
    expect(movementOf(table(10, 'even'), table(100000, 'even'))).toMatchObject({
      label: 'DS_BCAST_INNER',
      outer: 'b',
    });
    expect(movementOf(table(100000, 'even'), table(10, 'even'))).toMatchObject({
      label: 'DS_BCAST_INNER',
      outer: 'a',
    });
  });
  test('a growing inner table turns a broadcast into a redistribution', () => {
    expect(movementOf(table(100000, 'even'), table(1000, 'even')).label).toBe('DS_BCAST_INNER');
    expect(movementOf(table(100000, 'even'), table(20000, 'even')).label).toBe('DS_DIST_BOTH');
    expect(movementOf(table(100000, 'k'), table(20000, 'even')).label).toBe('DS_DIST_INNER');
    expect(movementOf(table(100000, 'k'), table(20000, 'k')).label).toBe('DS_DIST_NONE');
  });
  test('an ALL table is inner even when it is the larger one', () => {
    expect(movementOf(table(1000000, 'all'), table(1000, 'even'))).toMatchObject({
      label: 'DS_DIST_ALL_NONE',
      outer: 'b',
    });
  });
  test('an ALL table joined to an ALL table is read once at the top', () => {
    expect(movementOf(table(10, 'all'), table(10, 'all')).plan).toEqual([
      'exchange leader @leader',
      ' hash-join inner DS_DIST_ALL_NONE @single',
      '  scan a once @single',
      '  scan b once @single',
    ]);
  });
  test('a right join becomes a left join with its sides exchanged', () => {
    expect(movementOf(table(1000, 'k'), table(10, 'k'), 'right')).toMatchObject({
      label: 'DS_DIST_NONE',
      outer: 'b',
    });
  });
});

test('join order follows the statistics: the selective dimension is joined first', () => {
  const order = (small: 'd1' | 'd2'): readonly string[] => {
    const dimension = (name: string): TableSpec => ({
      rows: name === small ? 10 : 50000,
      dist: 'even',
      columns: { k: {} },
    });
    const s = new Schema({
      fact: { rows: 1000000, dist: 'even', columns: { k1: { distinct: 100000 }, k2: { distinct: 100000 } } },
      d1: dimension('d1'),
      d2: dimension('d2'),
    });
    const [f, d1, d2] = [s.get('fact'), s.get('d1'), s.get('d2')];
    const rel = join(
      'inner',
      join('inner', d1, f, eq(col(f, 'k1'), col(d1, 'k'))),
      d2,
      eq(col(f, 'k2'), col(d2, 'k')),
    );
    const joins = nodesOf(s.select(rel).root, 'hash-join');
    const deepest = joins[joins.length - 1]!;
    return [...nodesOf(deepest, 'scan')].map((n) => n.tableName).toSorted();
  };
  expect(order('d1')).toEqual(['d1', 'fact']);
  expect(order('d2')).toEqual(['d2', 'fact']);
});

test('equality carries a hash distribution through a chain of joins', () => {
  const s = new Schema({ a: table(90000, 'k'), b: table(80000, 'k'), c: table(70000, 'k') });
  const [a, b, c] = [s.get('a'), s.get('b'), s.get('c')];
  const rel = join('inner', join('inner', a, b, eq(col(a, 'k'), col(b, 'k'))), c, eq(col(b, 'k'), col(c, 'k')));
  expect(nodesOf(s.select(rel).root, 'hash-join').map((j) => j.movement)).toEqual(['DS_DIST_NONE', 'DS_DIST_NONE']);
});

test('twelve relations are ordered too', () => {
  const names = 'abcdefghijkl'.split('');
  const s = new Schema(Object.fromEntries(names.map((n, i) => [n, table(100 * (i + 1), 'even')])));
  const rels = names.map((n) => s.get(n));
  const rel = rels
    .slice(1)
    .reduce((all, r, i) => join('inner', all, r, eq(col(rels[i]!, 'k'), col(r, 'k'))), rels[0]!);
  expect(nodesOf(s.select(rel).root, 'hash-join').length).toBe(11);
});
