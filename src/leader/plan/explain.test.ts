/**
 * EXPLAIN text: cost numbers that Redshift's manual prints for TICKIT, and golden plans of a TPC-H-like join under
 * several distributions and statistics. A change of these texts is a change of plans or costs and wants a reviewer.
 */
import { expect, test } from 'vitest';
import type { Rel } from '../../expressions/relation.ts';
import { INT2, numeric, varchar } from '../../types/sql-type.ts';
import { cmp, col, eq, int, join, limited, Schema, where } from '../optimizer/fixture.ts';
import type { TableSpec } from '../optimizer/fixture.ts';
import { explainPlan, numberPlan } from './explain.ts';
import { explainVerbose } from './explain-verbose.ts';

const tickit = (): Schema =>
  new Schema({
    category: {
      rows: 11,
      dist: 'catid',
      columns: { catid: { type: INT2, width: 2 }, catdesc: { type: varchar(50), width: 47 } },
    },
    event: {
      rows: 8798,
      dist: 'eventid',
      columns: {
        eventid: {},
        venueid: { type: INT2, width: 2, distinct: 204 },
        catid: { type: INT2, width: 2, distinct: 9 },
        eventname: { type: varchar(200), width: 17, distinct: 576 },
      },
    },
    venue: {
      rows: 202,
      dist: 'venueid',
      columns: { venueid: { type: INT2, width: 2 }, venuename: { type: varchar(100), width: 20 } },
    },
    sales: {
      rows: 172456,
      dist: 'listid',
      columns: { listid: {}, eventid: { distinct: 8798 }, pricepaid: { type: numeric(8, 2), width: 10 } },
    },
  });
const text = (s: Schema, rel: Rel): string => `\n${explainPlan(s.select(rel)).join('\n')}\n`;

test('grouped count: the manual prints 131.97..133.41 rows=576 width=17', () => {
  const s = tickit();
  const e = s.get('event', ['eventname']);
  expect(text(s, s.project(s.aggregate(e, [col(e, 'eventname')], [['count']]), {}))).toContain(
    'XN Seq Scan on event  (cost=0.00..87.98 rows=8798 width=17)',
  );
  expect(text(s, s.aggregate(e, [col(e, 'eventname')], [['count']]))).toBe(`
XN HashAggregate  (cost=131.97..133.41 rows=576 width=17)
  ->  XN Seq Scan on event  (cost=0.00..87.98 rows=8798 width=17)
`);
});

/** SALES and LISTING lie by LISTID, as the manual's tables do. */
function inOrder(unsorted = 0): Schema {
  return new Schema({
    sales: {
      rows: 172456,
      dist: 'listid',
      sortkey: 'listid',
      unsorted,
      columns: {
        listid: { distinct: 192497 },
        eventid: { distinct: 8798 },
        pricepaid: { type: numeric(8, 2), width: 20 },
      },
    },
    listing: {
      rows: 192497,
      dist: 'listid',
      sortkey: 'listid',
      columns: { listid: { distinct: 192497 }, sellerid: { width: 10 } },
    },
  });
}

test('tables in the order of the join key: the manual prints 0.00..6286.47 for listing and sales', () => {
  const s = inOrder();
  const [l, a] = [s.get('listing'), s.get('sales', ['listid', 'pricepaid'])];
  const rel = join('inner', a, l, eq(col(a, 'listid'), col(l, 'listid')));
  expect(text(s, rel)).toBe(`
XN Merge Join DS_DIST_NONE  (cost=0.00..6286.47 rows=172456 width=38)
  Merge Cond: ("outer".listid = "inner".listid)
  ->  XN Seq Scan on listing  (cost=0.00..1924.97 rows=192497 width=14)
  ->  XN Seq Scan on sales  (cost=0.00..1724.56 rows=172456 width=24)
`);
});

test('a merge join where less than a fifth is unsorted; not as a full join', () => {
  const plan = (s: Schema, type: 'inner' | 'left' | 'full' | 'semi'): string => {
    const [l, a] = [s.get('listing'), s.get('sales', ['listid', 'pricepaid'])];
    return text(s, join(type, l, a, eq(col(l, 'listid'), col(a, 'listid'))))
      .trim()
      .split('  ')[0]!;
  };
  expect(plan(inOrder(0.19), 'inner')).toBe('XN Merge Join DS_DIST_NONE');
  expect(plan(inOrder(0.2), 'inner')).toBe('XN Hash Join DS_DIST_NONE');
  expect(plan(inOrder(), 'left')).toBe('XN Merge Left Join DS_DIST_NONE');
  expect(plan(inOrder(), 'semi')).toBe('XN Merge IN Join DS_DIST_NONE');
  expect(plan(inOrder(), 'full')).toBe('XN Hash Full Join DS_DIST_NONE');
});

test('a semi join that drops most rows is a hash join, whose keys the scan asks', () => {
  const s = inOrder();
  const [l, a] = [s.get('listing'), s.get('sales', ['listid', 'eventid'])];
  const one = where(a, eq(col(a, 'eventid'), int(5)));
  expect(text(s, join('semi', l, one, eq(col(l, 'listid'), col(a, 'listid'))))).toContain(
    'XN Hash IN Join DS_DIST_NONE',
  );
});

test('redistributed outer: the manual prints 2.52..58653620.93 for event and venue', () => {
  const s = tickit();
  const [e, v] = [s.get('event', ['eventid', 'venueid', 'eventname']), s.get('venue')];
  const rel = join('inner', e, v, eq(col(e, 'venueid'), col(v, 'venueid')));
  expect(
    text(
      s,
      s.project(rel, { id: col(e, 'eventid'), e: col(e, 'eventname'), i: col(e, 'venueid'), v: col(v, 'venuename') }),
    ),
  ).toBe(`
XN Hash Join DS_DIST_OUTER  (cost=2.52..58653620.93 rows=8712 width=43)
  Hash Cond: ("outer".venueid = "inner".venueid)
  ->  XN Seq Scan on event  (cost=0.00..87.98 rows=8798 width=23)
  ->  XN Hash  (cost=2.02..2.02 rows=202 width=22)
        ->  XN Seq Scan on venue  (cost=0.00..2.02 rows=202 width=22)
`);
});

test('broadcast inner: 11 rows of width 49 cost 6,600,000', () => {
  const s = tickit();
  const [e, c] = [s.get('event', ['eventid', 'catid']), s.get('category')];
  const lines = text(s, join('inner', e, c, eq(col(e, 'catid'), col(c, 'catid'))));
  expect(lines).toContain('XN Hash Join DS_BCAST_INNER  (cost=0.14..66');
  expect(lines).toContain('XN Seq Scan on category  (cost=0.00..0.11 rows=11 width=49)');
});

test('sorted aggregate of a join: the manual prints a broadcast of event, 109.98..2815365714.80, and 1002815366604.92 on top', () => {
  const s = tickit();
  const [e, t] = [s.get('event', ['eventid', 'eventname']), s.get('sales', ['eventid', 'pricepaid'])];
  const a = s.aggregate(
    join('inner', t, e, eq(col(t, 'eventid'), col(e, 'eventid'))),
    [col(e, 'eventname')],
    [['sum', col(t, 'pricepaid')]],
  );
  const rel: Rel = { kind: 'sort', input: a, keys: [{ expr: col(a, 'sum'), descending: true, nullsFirst: true }] };
  expect(text(s, rel)).toBe(`
XN Merge  (cost=1002815366604.92..1002815366606.36 rows=576 width=27)
  Merge Key: sum(sales.pricepaid)
  ->  XN Network  (cost=1002815366604.92..1002815366606.36 rows=576 width=27)
        Send to leader
        ->  XN Sort  (cost=1002815366604.92..1002815366606.36 rows=576 width=27)
              Sort Key: sum(sales.pricepaid)
              ->  XN HashAggregate  (cost=2815366577.08..2815366578.52 rows=576 width=27)
                    ->  XN Hash Join DS_BCAST_INNER  (cost=109.98..2815365714.80 rows=172456 width=27)
                          Hash Cond: ("outer".eventid = "inner".eventid)
                          ->  XN Seq Scan on sales  (cost=0.00..1724.56 rows=172456 width=14)
                          ->  XN Hash  (cost=87.98..87.98 rows=8798 width=21)
                                ->  XN Seq Scan on event  (cost=0.00..87.98 rows=8798 width=21)
`);
});

/** Customer, orders, lineitem: the third query of TPC-H, with distributions and size of the customer table given. */
function orders(
  dist: { readonly customer: string; readonly orders: string; readonly lineitem: string },
  customers = 15000,
): string {
  const spec = (rows: number, style: string, columns: TableSpec['columns']): TableSpec => ({
    rows,
    dist: style,
    columns,
  });
  const s = new Schema({
    customer: spec(customers, dist.customer, { c_custkey: {}, c_segment: { distinct: 5 } }),
    orders: spec(150000, dist.orders, {
      o_orderkey: {},
      o_custkey: { distinct: 10000 },
      o_date: { distinct: 2400, min: 0, max: 2400 },
    }),
    lineitem: spec(600000, dist.lineitem, { l_orderkey: { distinct: 150000 }, l_price: { width: 8 } }),
  });
  const [c, o, l] = [s.get('customer'), s.get('orders'), s.get('lineitem')];
  const from = join('cross', join('cross', c, o), l);
  const on = [
    eq(col(c, 'c_custkey'), col(o, 'o_custkey')),
    eq(col(l, 'l_orderkey'), col(o, 'o_orderkey')),
    eq(col(c, 'c_segment'), int(1)),
    cmp('<', col(o, 'o_date'), int(1200)),
  ];
  const rows = where(from, { kind: 'and', type: { name: 'bool' }, args: on });
  const a = s.aggregate(rows, [col(l, 'l_orderkey')], [['sum', col(l, 'l_price')]]);
  return text(
    s,
    limited({ kind: 'sort', input: a, keys: [{ expr: col(a, 'sum'), descending: true, nullsFirst: true }] }, 10),
  );
}

test('orders and lineitem on the order key, customer ALL: nothing moves', () => {
  expect(orders({ customer: 'all', orders: 'o_orderkey', lineitem: 'l_orderkey' })).toMatchInlineSnapshot(`
    "
    XN Limit  (cost=1000000022506.80..1000000022506.83 rows=10 width=12)
      ->  XN Merge  (cost=1000000022506.80..1000000022656.80 rows=60000 width=12)
            Merge Key: sum(lineitem.l_price)
            ->  XN Network  (cost=1000000022506.80..1000000022656.80 rows=60000 width=12)
                  Send to leader
                  ->  XN Sort  (cost=1000000022506.80..1000000022656.80 rows=60000 width=12)
                        Sort Key: sum(lineitem.l_price)
                        ->  XN HashAggregate  (cost=17595.00..17745.00 rows=60000 width=12)
                              ->  XN Hash Join DS_DIST_NONE  (cost=3195.00..17295.00 rows=60000 width=12)
                                    Hash Cond: ("outer".l_orderkey = "inner".o_orderkey)
                                    ->  XN Seq Scan on lineitem  (cost=0.00..6000.00 rows=600000 width=12)
                                    ->  XN Hash  (cost=3157.50..3157.50 rows=15000 width=4)
                                          ->  XN Hash Join DS_DIST_ALL_NONE  (cost=195.00..3157.50 rows=15000 width=4)
                                                Hash Cond: ("outer".o_custkey = "inner".c_custkey)
                                                ->  XN Seq Scan on orders  (cost=0.00..1875.00 rows=75000 width=8)
                                                      Filter: (o_date < 1200)
                                                ->  XN Hash  (cost=187.50..187.50 rows=3000 width=4)
                                                      ->  XN Seq Scan on customer  (cost=0.00..187.50 rows=3000 width=4)
                                                            Filter: (c_segment = 1)
    "
  `);
});
test('all EVEN: movement by size', () => {
  expect(orders({ customer: 'even', orders: 'even', lineitem: 'even' })).toMatchInlineSnapshot(`
    "
    XN Limit  (cost=1002160022506.80..1002160022506.83 rows=10 width=12)
      ->  XN Merge  (cost=1002160022506.80..1002160022656.80 rows=60000 width=12)
            Merge Key: sum(lineitem.l_price)
            ->  XN Network  (cost=1002160022506.80..1002160022656.80 rows=60000 width=12)
                  Send to leader
                  ->  XN Sort  (cost=1002160022506.80..1002160022656.80 rows=60000 width=12)
                        Sort Key: sum(lineitem.l_price)
                        ->  XN HashAggregate  (cost=2160017595.00..2160017745.00 rows=60000 width=12)
                              ->  XN Hash Join DS_BCAST_INNER  (cost=360003195.00..2160017295.00 rows=60000 width=12)
                                    Hash Cond: ("outer".l_orderkey = "inner".o_orderkey)
                                    ->  XN Seq Scan on lineitem  (cost=0.00..6000.00 rows=600000 width=12)
                                    ->  XN Hash  (cost=360003157.50..360003157.50 rows=15000 width=4)
                                          ->  XN Hash Join DS_BCAST_INNER  (cost=195.00..360003157.50 rows=15000 width=4)
                                                Hash Cond: ("outer".o_custkey = "inner".c_custkey)
                                                ->  XN Seq Scan on orders  (cost=0.00..1875.00 rows=75000 width=8)
                                                      Filter: (o_date < 1200)
                                                ->  XN Hash  (cost=187.50..187.50 rows=3000 width=4)
                                                      ->  XN Seq Scan on customer  (cost=0.00..187.50 rows=3000 width=4)
                                                            Filter: (c_segment = 1)
    "
  `);
});
test('customer on its key, a hundred times larger: its rows are not broadcast', () => {
  expect(orders({ customer: 'c_custkey', orders: 'o_custkey', lineitem: 'l_orderkey' }, 1500000))
    .toMatchInlineSnapshot(`
    "
    XN Limit  (cost=1000037544061.80..1000037544061.83 rows=10 width=12)
      ->  XN Merge  (cost=1000037544061.80..1000037544211.80 rows=60000 width=12)
            Merge Key: sum(lineitem.l_price)
            ->  XN Network  (cost=1000037544061.80..1000037544211.80 rows=60000 width=12)
                  Send to leader
                  ->  XN Sort  (cost=1000037544061.80..1000037544211.80 rows=60000 width=12)
                        Sort Key: sum(lineitem.l_price)
                        ->  XN HashAggregate  (cost=37539150.00..37539300.00 rows=60000 width=12)
                              ->  XN Hash Join DS_DIST_INNER  (cost=24750.00..37538850.00 rows=60000 width=12)
                                    Hash Cond: ("outer".l_orderkey = "inner".o_orderkey)
                                    ->  XN Seq Scan on lineitem  (cost=0.00..6000.00 rows=600000 width=12)
                                    ->  XN Hash  (cost=24712.50..24712.50 rows=15000 width=4)
                                          ->  XN Hash Join DS_DIST_NONE  (cost=2062.50..24712.50 rows=15000 width=4)
                                                Hash Cond: ("outer".c_custkey = "inner".o_custkey)
                                                ->  XN Seq Scan on customer  (cost=0.00..18750.00 rows=300000 width=4)
                                                      Filter: (c_segment = 1)
                                                ->  XN Hash  (cost=1875.00..1875.00 rows=75000 width=8)
                                                      ->  XN Seq Scan on orders  (cost=0.00..1875.00 rows=75000 width=8)
                                                            Filter: (o_date < 1200)
    "
  `);
});

test('a leader-only plan has no XN', () => {
  const s = tickit();
  const v = s.virtual('pg_class', ['oid', 'relkind']);
  expect(text(s, limited(where(v, eq(col(v, 'relkind'), int(1))), 3))).toBe(`
Limit  (cost=0.00..7.50 rows=3 width=8)
  ->  Seq Scan on pg_class  (cost=0.00..12.50 rows=5 width=8)
        Filter: (relkind = 1)
`);
});

test('STL_EXPLAIN rows: numbered in print order, details apart', () => {
  const s = tickit();
  const [e, v] = [s.get('event', ['eventid', 'venueid']), s.get('venue')];
  const { rows } = numberPlan(s.select(join('left', e, v, eq(col(e, 'venueid'), col(v, 'venueid')))));
  expect(rows.map((r) => [r.nodeId, r.parentId, r.info])).toEqual([
    [1, 0, 'Hash Cond: ("outer".venueid = "inner".venueid)'],
    [2, 1, ''],
    [3, 1, ''],
    [4, 3, ''],
  ]);
  expect(rows[0]!.planNode).toMatch(/^XN Hash Left Join DS_/);
  expect(rows[3]!.planNode).toMatch(/^ {6} {2}-> {2}XN Seq Scan on venue {2}\(cost=/);
});

test('notes follow the plan', () => {
  const s = new Schema({ t: { rows: 5, dist: 'even', columns: { i: {} }, analyzed: false } });
  expect(explainPlan(s.select(s.get('t'))).at(1)).toBe(' ----- Tables missing statistics: t -----');
});

test('VERBOSE: every node with all it holds, movements and projections too', () => {
  const s = tickit();
  const [e, v] = [s.get('event', ['eventid', 'venueid']), s.get('venue', ['venueid'])];
  const rel = where(
    join('inner', e, v, eq(col(e, 'venueid'), col(v, 'venueid'))),
    cmp('>', col(e, 'eventid'), int(5)),
  );
  const lines = explainVerbose(s.select(rel));
  const text = lines.join('\n');
  for (const part of [
    '{ HASHJOIN',
    ':joinType inner',
    ':keys (outer venueid inner venueid)',
    '{ EXCHANGE',
    ':mode ',
    ':filter ((eventid > 5))',
  ])
    expect(text).toContain(part);
  const depth = (line: string): number => line.search(/\S/);
  expect(lines.filter((l) => l.trim().startsWith('{')).length).toBe(lines.filter((l) => l.trim() === '}').length);
  expect(lines.every((l) => depth(l) % 2 === 0)).toBe(true);
});
