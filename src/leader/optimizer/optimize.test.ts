/**
 * Shapes of whole plans: aggregates in phases, DISTINCT, ordering, writes, range predicates. One line a node.
 */
import { describe, expect, test } from 'vitest';
import type { BoundExpr } from '../../expressions/bound.ts';
import { columnsOf } from '../../expressions/relation.ts';
import type { Rel } from '../../expressions/relation.ts';
import { BOOL, DATE, INT8, numeric, TIMESTAMP } from '../../types/sql-type.ts';
import { and, big, cmp, col, eq, int, join, limited, nodesOf, Schema, shape, sorted, where } from './fixture.ts';

const schema = (): Schema =>
  new Schema({
    e: { rows: 100000, dist: 'even', columns: { g: { distinct: 10 }, v: {}, w: {} } },
    k: { rows: 100000, dist: 'g', columns: { g: { distinct: 1000 }, v: {}, w: {} } },
    a: { rows: 50, dist: 'all', columns: { g: {}, v: {} } },
  });
const trimmed = (plan: { readonly root: Parameters<typeof shape>[0] }): readonly string[] =>
  shape(plan.root).map((l) => l.replace(/key\(.*\)/, 'key'));

describe('optional semi joins', () => {
  const kept = (small: number): boolean => {
    const s = new Schema({
      big: { rows: 100000, dist: 'even', columns: { k: { distinct: 1000 } } },
      few: { rows: small, dist: 'even', columns: { k: { distinct: small } } },
    });
    const [big, few] = [s.get('big', ['k']), s.get('few', ['k'])];
    const semi: Rel = { ...join('semi', big, few, eq(col(big, 'k'), col(few, 'k'))), optional: true } as Rel;
    return nodesOf(s.select(semi).root, 'hash-join').length > 0;
  };
  test('stay where they drop most of the rows', () => expect(kept(100)).toBe(true));
  test('are left out where most rows pass', () => expect(kept(500)).toBe(false));
  test('are left out where they cost as much as they save', () => expect(kept(60000)).toBe(false));
});

describe('aggregates', () => {
  test('without groups: partial on the slices, final on the leader', () => {
    const s = schema();
    const e = s.get('e', ['v']);
    expect(trimmed(s.select(s.aggregate(e, [], [['count', col(e, 'v')]])))).toEqual([
      'project @leader',
      ' aggregate final 0+sum_i64 @leader',
      '  exchange leader @leader',
      '   aggregate partial 0+count @even',
      '    scan e @even',
    ]);
  });
  test('grouped by the distkey: complete where the rows are', () => {
    const s = schema();
    const k = s.get('k', ['g', 'v']);
    expect(trimmed(s.select(s.aggregate(k, [col(k, 'g'), col(k, 'v')], [['count']])))).toEqual([
      'exchange leader @leader',
      ' project @key',
      '  aggregate complete 2+count_star @key',
      '   scan k @key',
    ]);
  });
  test('avg and sum of one argument share a primitive', () => {
    const s = schema();
    const a = s.get('a');
    const plan = s.select(
      s.aggregate(
        a,
        [col(a, 'g')],
        [
          ['avg', col(a, 'v')],
          ['sum', col(a, 'v')],
          ['count', col(a, 'v')],
        ],
      ),
    );
    expect(trimmed(plan)).toEqual([
      'exchange leader @leader',
      ' project @single',
      '  aggregate complete 1+sum_i64,count @single',
      '   scan a once @single',
    ]);
  });
  test('one DISTINCT argument: distinct pairs first, other aggregates carried along', () => {
    const s = schema();
    const e = s.get('e');
    const plan = s.select(
      s.aggregate(
        e,
        [col(e, 'g')],
        [
          ['count', col(e, 'v'), true],
          ['sum', col(e, 'w')],
        ],
      ),
    );
    expect(trimmed(plan)).toEqual([
      'exchange leader @leader',
      ' project @key',
      '  aggregate final 1+sum_i64,sum_i64 @key',
      '   exchange hash(1) @key',
      '    aggregate partial 1+count,sum_i64 @key',
      '     aggregate final 2+sum_i64 @key',
      '      exchange hash(2) @key',
      '       aggregate partial 2+sum_i64 @even',
      '        scan e @even',
    ]);
  });
  test('two DISTINCT arguments: all rows of a group meet, each aggregate drops its own duplicates', () => {
    const s = schema();
    const e = s.get('e');
    const plan = s.select(
      s.aggregate(
        e,
        [col(e, 'g')],
        [
          ['count', col(e, 'v'), true],
          ['count', col(e, 'w'), true],
        ],
      ),
    );
    expect(trimmed(plan)).toEqual([
      'exchange leader @leader',
      ' project @key',
      '  aggregate complete 1+count!,count! @key',
      '   exchange hash(1) @key',
      '    scan e @even',
    ]);
  });
});

describe('order and limit', () => {
  test('slices keep the first rows, the leader merges; projections stay below', () => {
    const s = schema();
    const e = s.get('e');
    const plan = s.select(limited(s.project(sorted(e, col(e, 'w')), { v: col(e, 'v') }), 5, 2));
    expect(trimmed(plan)).toEqual([
      'limit @leader',
      ' merge @leader',
      '  sort @even',
      '   project @even',
      '    scan e @even',
    ]);
    expect(nodesOf(plan.root, 'sort')[0]!.limit).toEqual(big(7));
    expect(nodesOf(plan.root, 'merge')[0]!.columns.map((c) => c.name)).toEqual(['v']);
  });
  test('in a derived table: finished on the first slice, then moved like any rows', () => {
    const s = schema();
    const [e, k] = [s.get('e', ['v', 'w']), s.get('k', ['g'])];
    const top: Rel = { kind: 'subquery', alias: 't', input: limited(sorted(e, col(e, 'w')), 5) };
    expect(trimmed(s.select(join('inner', k, top, eq(col(k, 'g'), col(top, 'v')))))).toEqual(
      [
        'exchange leader @leader',
        ' project @key',
        '  hash-join inner DS_DIST_INNER @key',
        '   scan k @key',
        '   exchange hash(1) @key',
        '    subquery-scan @single',
        '     limit @single',
        '      sort @single',
        '       exchange single @single',
        '        sort @even',
        '         scan e @even',
      ]
        .filter((l) => l !== ' project @key')
        .map((l, i) => (i === 0 ? l : l.slice(1))),
    );
  });
  test('without an order every slice stops early', () => {
    const s = schema();
    expect(trimmed(s.select(limited(s.get('e', ['v']), 5)))).toEqual([
      'limit @leader',
      ' exchange leader @leader',
      '  limit @even',
      '   scan e @even',
    ]);
  });
  test('virtual tables and constants never leave the leader', () => {
    const s = schema();
    const v = s.virtual('pg_class', ['oid']);
    expect(trimmed(s.select(sorted(v, col(v, 'oid'))))).toEqual(['sort @leader', ' virtual-scan @leader']);
  });
});

describe('writes', () => {
  const insert = (s: Schema, name: string, rel: Rel): readonly string[] =>
    trimmed(s.optimize({ kind: 'insert', tableId: s.table(name).oid, rel, columns: columnsOf(rel) }));
  test('rows go where the target wants them', () => {
    const s = schema();
    expect(insert(s, 'e', s.get('e'))).toEqual(['exchange even @even', ' scan e @even']);
    expect(insert(s, 'k', s.get('e'))).toEqual(['exchange hash(1) @key', ' scan e @even']);
    expect(insert(s, 'k', s.get('k'))).toEqual(['scan k @key']);
    expect(insert(s, 'a', s.get('e', ['g', 'v']))).toEqual(['exchange broadcast @all', ' scan e @even']);
    expect(insert(s, 'e', { ...s.get('a'), kind: 'get' } as Rel)[1]).toBe(' scan a once @single');
  });
  test('rows from the leader use the same exchanges', () => {
    const s = schema();
    const values: Rel = { kind: 'values', columns: columnsOf(s.get('k')), rows: [[int(1), int(2), int(3)]] };
    expect(insert(s, 'k', values)).toEqual(['exchange hash(1) @key', ' values @leader']);
  });
  const remove = (s: Schema, name: string, other: string, semi: boolean): readonly string[] => {
    const [t, o] = [s.get(name, ['g', 'v'], { target: true }), s.get(other, ['v'])];
    const rel = join(semi ? 'semi' : 'inner', t, o, eq(col(t, 'v'), col(o, 'v')));
    return trimmed(s.optimize({ kind: 'delete', tableId: s.table(name).oid, rel, rowId: col(t, 'rowid').id }));
  };
  test('the target never moves and is the outer side, however small it is', () => {
    const s = schema();
    expect(remove(s, 'e', 'k', false)).toEqual([
      'hash-join inner DS_BCAST_INNER @even',
      ' scan e @even',
      ' exchange broadcast @all',
      '  scan k @key',
    ]);
    expect(remove(s, 'a', 'k', true)).toEqual([
      'hash-join semi DS_BCAST_INNER @even',
      ' scan a owners @even',
      ' exchange broadcast @all',
      '  scan k @key',
    ]);
    expect(remove(s, 'k', 'a', true)).toEqual([
      'hash-join semi DS_DIST_ALL_NONE @key',
      ' scan k @key',
      ' scan a @all',
    ]);
  });
});

describe('range predicates', () => {
  const s = new Schema({
    t: { rows: 10, dist: 'even', columns: { i: {}, d: { type: DATE }, n: { type: numeric(10, 2) } } },
  });
  const ranges = (make: (t: Rel) => BoundExpr): readonly string[] => {
    const t = s.get('t');
    return nodesOf(s.select(where(t, make(t))).root, 'scan')[0]!.ranges.map(
      (r) =>
        `${r.attnum}${r.op}${r.value.kind === 'const' ? String(r.value.value) : r.value.kind}:${r.value.type.name}`,
    );
  };
  const cast = (arg: BoundExpr, type: BoundExpr['type']): BoundExpr => ({
    kind: 'cast',
    type,
    arg,
    mode: 'implicit',
  });
  test('bounds, turned comparisons, lists', () => {
    expect(ranges((t) => and(cmp('>=', col(t, 'i'), int(1)), cmp('>', int(9), col(t, 'i'))))).toEqual([
      '1>=1:int4',
      '1<9:int4',
    ]);
    expect(
      ranges((t) => ({
        kind: 'inlist',
        type: BOOL,
        arg: col(t, 'i'),
        items: [int(7), int(3), int(5)],
        negated: false,
      })),
    ).toEqual(['1>=3:int4', '1<=7:int4']);
    expect(ranges((t) => cmp('<>', col(t, 'i'), int(1)))).toEqual([]);
  });
  test('casts are looked through only where the constant can be carried back', () => {
    expect(ranges((t) => cmp('<', cast(col(t, 'i'), INT8), big(5)))).toEqual(['1<5:int4']);
    expect(ranges((t) => cmp('<', cast(col(t, 'i'), INT8), big(5_000_000_000)))).toEqual([]);
    const micros = (days: number, more: bigint): BoundExpr => ({
      kind: 'const',
      type: TIMESTAMP,
      value: BigInt(days) * 86_400_000_000n + more,
    });
    expect(ranges((t) => cmp('<', cast(col(t, 'd'), TIMESTAMP), micros(3, 0n)))).toEqual(['2<3:date']);
    expect(ranges((t) => cmp('<', cast(col(t, 'd'), TIMESTAMP), micros(-3, 1n)))).toEqual(['2<=-3:date']);
    expect(ranges((t) => cmp('>=', cast(col(t, 'd'), TIMESTAMP), micros(3, 1n)))).toEqual(['2>3:date']);
    const cents = (v: bigint): BoundExpr => ({ kind: 'const', type: numeric(12, 3), value: v });
    expect(ranges((t) => cmp('>', cast(col(t, 'n'), numeric(12, 3)), cents(1005n)))).toEqual(['3>100:numeric']);
  });
});

test('a table without statistics is named, and so is a nested loop', () => {
  const s = new Schema({ t: { rows: 5000, dist: 'even', columns: { i: {} }, analyzed: false } });
  const [a, b] = [s.get('t', [], { alias: 'x' }), s.get('t', [], { alias: 'y' })];
  const plan = s.select(join('inner', a, b, cmp('<', col(a, 'i'), col(b, 'i'))));
  expect(plan.notes).toEqual([
    '----- Tables missing statistics: t -----',
    '----- Update statistics by running the ANALYZE command on these tables -----',
    '----- Nested Loop Join in the query plan - review the join predicates to avoid Cartesian products -----',
  ]);
});

test('a scalar subquery is checked by the loop that joins it', () => {
  const s = schema();
  const [k, e] = [s.get('k', ['g']), s.get('e', ['v'])];
  const plan = s.select(join('left', k, { kind: 'single-row', input: e }));
  const loop = nodesOf(plan.root, 'nested-loop')[0]!;
  expect([loop.joinType, loop.singleRowInner, loop.inner.distribution.kind]).toEqual(['left', true, 'all']);
  expect(plan.notes).toEqual([]);
});

describe('long statements', () => {
  /** Steps in which a chain of joins is planned, the longest-running part of planning. */
  const stepsOfChain = (tables: number): number => {
    const s = schema();
    const leaves = Array.from({ length: tables }, () => s.get('k', ['g']));
    const rel = leaves
      .slice(1)
      .reduce((left, leaf, i) => join('inner', left, leaf, eq(col(leaves[i]!, 'g'), col(leaf, 'g'))), leaves[0]!);
    const steps = s.planned({ kind: 'select', rel, columns: columnsOf(rel) });
    for (let count = 0; ; count++) if (steps.next().done === true) return count;
  };
  test('a join of many tables is planned in steps, fewer than its pairs', () => {
    const count = stepsOfChain(60);
    expect(count).toBeGreaterThan(500);
    expect(count).toBeLessThan(60 * 60);
  });
  test('an ordinary join is searched for the best order', () => {
    expect(stepsOfChain(10)).toBeGreaterThan(2 ** 10 - 10);
  });
});
