/**
 * The analyser on SQL text: names, types, casts, grouping, DML, privileges, and every error with its SQLSTATE, text and
 * position. The fixture has tables t, s, emp, dept, ident, granted, hidden and the view v.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { SqlError } from '../../common/errors/sql-error.ts';
import { ROW_ADDRESS_ATTNUM, type Rel } from '../../expressions/relation.ts';
import { formatType } from '../../types/sql-type.ts';
import { parseExpressionTextSync, parseQueryTextSync, parseStatementsSync, warmParser } from '../parser/parser.ts';
import { analyse, analyseScalar, type AnalyserContext } from './index.ts';
import { ALICE, printRel, testContext } from './testing/fixture.ts';

beforeAll(() => warmParser());

const context = (more: Partial<AnalyserContext> = {}): AnalyserContext => testContext(parseQueryTextSync, more);
const bind = (sql: string, c = context()) => analyse(parseStatementsSync(sql)[0]!, c);
const text = (sql: string): string => printRel(bind(sql).rel);
const types = (sql: string): string[] => {
  const b = bind(sql);
  return 'columns' in b ? b.columns.map((c) => formatType(c.type)) : [];
};
const labels = (sql: string): string[] => {
  const b = bind(sql);
  return 'columns' in b ? b.columns.map((c) => c.name) : [];
};
function failure(sql: string, c = context()): string {
  try {
    bind(sql, c);
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    return `${error.sqlstate} ${error.position ?? '-'} ${error.message}`;
  }
  return 'no error';
}

describe('types', () => {
  it('types literals by their size and form', () => {
    expect(types("select 1, 3000000000, 9999999999999999999, 2.50, 1e3, 'x', -2147483648, true")).toEqual([
      'integer',
      'bigint',
      'numeric(19,0)',
      'numeric(3,2)',
      'double precision',
      'character varying(1)',
      'integer',
      'boolean',
    ]);
  });
  it("gives arithmetic Redshift's precision", () => {
    expect(types('select d*d, d/t.a, d+b, t.a/b, f*t.a, d/d, z+d, -d from t, s')).toEqual([
      'numeric(25,4)',
      'numeric(23,13)',
      'numeric(22,2)',
      'bigint',
      'double precision',
      'numeric(25,13)',
      'numeric(15,4)',
      'numeric(12,2)',
    ]);
  });
  it('unifies CASE, COALESCE and UNION', () => {
    expect(
      types("select coalesce(d, 0), case when a > 1 then 'long text' else c end, nvl(e, '2008-01-01') from t"),
    ).toEqual(['numeric(12,2)', 'character varying(20)', 'date']);
    expect(types("select 1, 'abc', null union all select d, c, e from t")).toEqual([
      'numeric(12,2)',
      'character varying(20)',
      'date',
    ]);
    expect(types('select null union select null')).toEqual(['character varying(1)']);
    expect(failure('select a from t union select c from t')).toBe(
      '42804 30 UNION types integer and character varying cannot be matched',
    );
  });
  it('compares with the fewest casts', () => {
    const condition = (c: string): string => /filter (.*)/.exec(text(`select 1 from t where ${c}`))![1]!;
    expect(condition('b = 5')).toBe('(b#2 = 5)');
    expect(condition('d > 100')).toBe('(d#4 > 100.00)');
    expect(condition('d = 2.345')).toBe('((d#4)::numeric(13,3) = 2.345)');
    expect(condition("d = '2.345'")).toBe('((d#4)::numeric(13,3) = 2.345)');
    expect(condition('a = b')).toBe('((a#1)::bigint = b#2)');
    expect(condition('c = 5')).toBe("((c#3)::text = '5'::text)");
    expect(condition("a = '7'")).toBe('(a#1 = 7)');
    expect(condition('g = 1')).toBe('(g#7 = true)');
    expect(condition("e >= '2008-01-02'")).toBe("(e#5 >= '2008-01-02'::date)");
    expect(condition('a in (1, 2)')).toBe('((a#1 = 1) OR (a#1 = 2))');
    expect(condition("a = any('{1,2}')")).toBe('((a#1 = 1) OR (a#1 = 2))');
  });
  it('types parameters by what they meet and fills them in', () => {
    const c = context();
    bind('select a from t where a = $1 and c = $2 and d > $3 and e = $4 limit $5', c);
    expect(c.parameterTypes.map((t) => formatType(t!))).toEqual([
      'integer',
      'character varying',
      'numeric(38,8)',
      'date',
      'bigint',
    ]);
    const given = context({ parameterTypes: [{ name: 'int8' }] });
    expect(printRel(bind('select a from t where a = $1', given).rel)).toContain('((a#1)::bigint = $1)');
    const untyped = context();
    bind('select $1', untyped);
    expect(untyped.parameterTypes).toEqual([{ name: 'varchar' }]);
    const open = context();
    expect(printRel(bind('select coalesce(a, $1) from t where $1 is not null', open).rel)).toContain(
      '($1 IS NOT NULL)',
    );
    expect(open.parameterTypes).toEqual([{ name: 'int4' }]);
    const never = context();
    bind('select a from t where $1 is null', never);
    expect(never.parameterTypes).toEqual([{ name: 'varchar' }]);
  });
  it('adds days and intervals to dates', () => {
    expect(types("select e + 1, e - e, e + interval '1' month from t")).toEqual([
      'date',
      'integer',
      'timestamp without time zone',
    ]);
    const filter = text(
      "select 1 from t where e < date '1996-01-31' + interval '1 month' and e > date '2000-01-01' - 1",
    );
    expect(filter).toContain("((e#5 < '1996-02-29'::date) AND (e#5 > '1999-12-31'::date))");
    expect(text("select timestamp '2008-03-31 10:00' - interval '1 month 2 hours'")).toContain(
      "'2008-02-29 08:00:00'",
    );
    expect(failure('select hired - hired from emp')).toMatch(/^0A000 14 timestamp_minus_timestamp/);
  });
});

describe('names', () => {
  it('finds columns, aliases and lateral aliases; a FROM column wins', () => {
    expect(text('select a + 1 as n, n * 2 as m from t where n > 3')).toContain('filter ((a#1 + 1) > 3)');
    expect(text('select b as a, a + 1 as z from t')).toContain('=(a#1 + 1)');
    expect(failure('select a as q from t group by a having q > 1')).toMatch(
      /^42703 \d+ column "q" does not exist in t/,
    );
  });
  it('labels columns as Redshift does', () => {
    expect(
      labels(
        "select 1+1, count(*), nvl(1,2), extract(year from hired), date_part('y', hired), dateadd(day, 1, hired), a::varchar, 'x'::varchar(3), decode(1,1,2), true from emp, t group by 4,5,6,7",
      ),
    ).toEqual([
      '?column?',
      'count',
      'coalesce',
      'date_part',
      'pgdate_part',
      'date_add',
      'a',
      'varchar',
      'case',
      'bool',
    ]);
  });
  it('expands stars, USING and EXCLUDE', () => {
    expect(labels('select * from t join s using (a)')).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'x', 'y', 'z']);
    expect(labels('select s.*, t.a from t, s')).toEqual(['a', 'x', 'y', 'z', 'a']);
    expect(labels('select * exclude (a, b) from t')).toEqual(['c', 'd', 'e', 'f', 'g']);
    expect(text('select a from t full join s using (a)')).toContain('COALESCE(a#1, a#8)');
  });
  it('expands views with their own column names', () => {
    expect(labels('select * from v')).toEqual(['one', 'two']);
    expect(failure('select first from v')).toMatch(/^42703/);
  });
  it('names the relations a statement reads itself', () => {
    const seen: number[] = [];
    bind('select 1 from v, s', context({ readsRelation: (oid) => seen.push(oid) }));
    expect(seen).toEqual([100010, 100002]);
  });
  it('gives each CTE reference columns of its own', () => {
    const ids = [
      ...text('with q as (select a from s) select x.a, y.a from q x, q y').matchAll(/get s \[a#(\d+)/g),
    ].map((m) => m[1]);
    expect(new Set(ids).size).toBe(2);
    expect(failure('with q as (select nope from s) select 1')).toMatch(/^42703/);
  });
  it('sorts by ordinals, aliases and hidden columns', () => {
    expect(text('select c from t order by b desc limit 1')).toMatch(
      /^project c#8=c#8\n {2}limit 1.*\n {4}sort \?column\?#9 desc nulls first/,
    );
    expect(text('select a from t order by 1 nulls first')).toContain('sort a#8 nulls first');
  });
  it('reads system views from pg_catalog before the search path', () => {
    expect(text('select relname from pg_class where oid = 5')).toContain('virtual pg_catalog.pg_class');
  });
});

describe('errors', () => {
  it.each([
    ['select nocol from t', '42703 8 column "nocol" does not exist in t'],
    ['select q.a from t', '42P01 8 missing FROM-clause entry for table "q"'],
    ['select a from t, s', '42702 8 column reference "a" is ambiguous'],
    ['select 1 from t, t', '42712 15 table name "t" specified more than once'],
    ['select * from nosuch', '42P01 15 relation "nosuch" does not exist'],
    ['select * from ns.x', '3F000 15 schema "ns" does not exist'],
    [
      'select a, b from t group by a',
      '42803 11 column "t.b" must appear in the GROUP BY clause or be used in an aggregate function',
    ],
    ['select 1 from t where sum(a) > 1', '42803 23 aggregates not allowed in WHERE clause'],
    ['select sum(sum(a)) from t', '42803 12 aggregate function calls may not be nested'],
    ['select nosuch(a) from t', '42883 8 function nosuch(integer) does not exist'],
    ['select 1 from t where e = d', '42883 25 operator does not exist: date = numeric'],
    ["select 1 from t where a = 'abc'", '22P02 25 invalid input syntax for integer: "abc"'],
    ['select cast(2.5 as boolean)', '42846 8 cannot cast type numeric to boolean'],
    ['select true::varchar', '42846 12 cannot cast type boolean to character varying'],
    ['select 1 from t where d', '42804 23 argument of WHERE must be type boolean, not type numeric'],
    ['select a from t order by 3', '42P10 26 ORDER BY position 3 is not in select list'],
    ["select a from t order by 'x'", '42601 26 non-integer constant in ORDER BY'],
    [
      'select distinct a from t order by b',
      '42P10 35 for SELECT DISTINCT, ORDER BY expressions must appear in select list',
    ],
    ['select a from t union select a, x from s', '42601 30 each UNION query must have the same number of columns'],
    ['select (select a, b from t)', '42601 8 subquery must return only one column'],
    ["insert into t (a) values ('abc')", '22P02 27 invalid input syntax for integer: "abc"'],
    ['insert into t (a, a) values (1, 2)', '42701 13 column "a" specified more than once'],
    ['insert into t (nope) values (1)', '42703 13 column "nope" of relation "t" does not exist'],
    ['insert into s values (1, 2, null, 3, 4)', '42601 23 INSERT has more expressions than target columns'],
    [
      'insert into t (g) select c from t',
      '42804 26 column "g" is of type boolean but expression is of type character varying',
    ],
    [
      "insert into dept (dname) values ('0123456789012345678901234567890')",
      '22001 34 value too long for type character varying(30)',
    ],
    ['insert into ident values (1, 2)', '0A000 27 cannot set an identity column to a value'],
    ['update t set a = 1, a = 2', '42601 21 multiple assignments to same column "a"'],
    ['delete from v', '0A000 13 cannot delete from a view'],
    [
      'select 1 from t where sum(a) over (partition by b) > 1',
      '42P20 23 window functions not allowed in WHERE clause',
    ],
    [
      'select sum(a) over (order by b) from t',
      '42P20 8 Aggregate window functions with an ORDER BY clause require a frame clause',
    ],
    ['select sum(sum(a) over ()) from t', '42803 12 aggregate function calls cannot contain window function calls'],
    ['select * from other.public.t', '3D000 15 database "other" does not exist'],
  ])('%s', (sql, expected) => {
    expect(failure(sql)).toBe(expected);
  });
  it('points at the offending word', () => {
    expect(failure('select a,\n  nocol from t')).toMatch(/^42703 13 /);
    expect(failure('select 1 from t where sum(a) > 1')).toMatch(/^42803 23 /);
  });
  it('refuses leader-only functions beside user tables, with one INFO each', () => {
    const told = (sql: string): readonly string[] => {
      try {
        bind(sql);
        return [];
      } catch (error) {
        return (error as SqlError).notices.map((n) => n.message);
      }
    };
    expect(failure('select current_schema() from t')).toMatch(/^0A000 .*not supported on Redshift tables/);
    expect(told('select current_schema() from t')).toEqual(['Function "current_schema()" not supported.']);
    expect(failure('select current_schema()')).toBe('no error');
    expect(told('insert into t (a) select g from generate_series(1, 3::bigint) g')).toEqual([
      'Function "generate_series(integer,bigint)" not supported.',
    ]);
  });
  it('checks privileges', () => {
    const alice = (): AnalyserContext => context({ user: ALICE });
    expect(failure('select a from granted', alice())).toBe('no error');
    expect(failure('delete from granted', alice())).toBe('42501 13 permission denied for relation granted');
    expect(failure('select a from t', alice())).toBe('42501 15 permission denied for relation t');
    expect(failure('select a from secret.hidden', alice())).toBe('42501 15 permission denied for schema secret');
  });
});

describe('DML', () => {
  const find = (rel: Rel): Extract<Rel, { kind: 'get' }> =>
    rel.kind === 'get' ? rel : find('input' in rel ? rel.input : (rel as { left: Rel }).left);
  it('completes INSERT rows with defaults and identity values', () => {
    expect(text('insert into ident (v) values (default), (7)')).toBe(
      "values (identity_next('100005'::oid, 1), (5 + 2), 'abc'::text) (identity_next('100005'::oid, 1), 7, 'abc'::text)",
    );
    expect(types('insert into ident (v) select a from t')).toEqual(['bigint', 'integer', 'character varying(5)']);
  });
  it('casts INSERT ... SELECT to the table types', () => {
    expect(types("insert into t select a, x, y, z, '2008-01-01', 2, true from s")).toEqual([
      'integer',
      'bigint',
      'character varying(20)',
      'numeric(12,2)',
      'date',
      'double precision',
      'boolean',
    ]);
  });
  it('reads the row address for UPDATE and DELETE', () => {
    const update = bind("update t set c = 'q' from s where t.a = s.a");
    expect(update.kind === 'update' && update.columns).toHaveLength(7);
    expect(find(update.rel).attnums).toContain(ROW_ADDRESS_ATTNUM);
    const del = bind('delete from t using s where t.a = s.a');
    expect(del.kind === 'delete' && find(del.rel).columns.some((c) => c.id === del.rowId)).toBe(true);
  });
});

it('binds scalars without columns', () => {
  const e = analyseScalar(parseExpressionTextSync("'12'"), context(), { name: 'x', type: { name: 'int4' } });
  expect(e).toEqual({ kind: 'const', type: { name: 'int4' }, value: 12 });
  expect(() => analyseScalar(parseExpressionTextSync('a'), context())).toThrow('column "a" does not exist');
});
