/**
 * SELECT, UPDATE, DELETE and expressions: Redshift's dialect and the special mappings of the AST, refusals, and error
 * positions after rewrites and behind characters of several bytes.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { SqlError } from '../../common/errors/sql-error.ts';
import type { Query, SelectCore } from './ast.ts';
import { parseExpressionTextSync, parseQueryTextSync, parseStatementsSync, warmParser } from './parser.ts';

beforeAll(warmParser);

function select(text: string): SelectCore & { readonly query: Query } {
  const query = parseQueryTextSync(text);
  if (query.body.kind !== 'select') throw new SqlError({ sqlstate: 'XX000', message: 'not a SELECT' });
  return { ...query.body, query };
}

function errorOf(text: string): SqlError {
  try {
    parseStatementsSync(text);
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(SqlError);
    return thrown as SqlError;
  }
  throw new SqlError({ sqlstate: 'XX000', message: `no error for ${text}` });
}

const string = (value: string) => ({ kind: 'literal', form: 'string', value });
const named = (...parts: string[]) => ({ kind: 'name', parts });

const EXPRESSIONS: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ['1', { kind: 'number', text: '1' }],
  ['99999999999999999999', { kind: 'number', text: '99999999999999999999' }],
  ['1.50', { kind: 'number', text: '1.50' }],
  ['2e5', { kind: 'number', text: '2e5' }],
  ['-5', { kind: 'unary', op: '-', arg: { kind: 'number', text: '5' } }],
  ['null', { kind: 'literal', form: 'null' }],
  ['true', { kind: 'literal', form: 'bool', value: true }],
  ['$2', { kind: 'param', index: 2 }],
  ['"Quoted"."Col"', named('quoted', 'col')],
  ['a.b.c.d', named('a', 'b', 'c', 'd')],
  [String.raw`'it\'s'`, string("it's")],
  ['a or b and not c', { kind: 'binary', op: 'or', right: { op: 'and', right: { kind: 'unary', op: 'not' } } }],
  ['a != b', { op: '<>' }],
  ["a like 'x%'", { kind: 'binary', op: 'like', right: string('x%') }],
  [
    String.raw`a not ilike 'x\\_' escape '!'`,
    { op: 'not ilike', right: string(String.raw`x\_`), escape: string('!') },
  ],
  ["a similar to '(x|y)%'", { op: 'similar', right: string('(x|y)%') }],
  ["a not similar to 'x' escape '#'", { op: 'not similar', escape: string('#') }],
  ["a ~ '^x'", { op: '~' }],
  ["a operator(pg_catalog.~) '^x'", { op: '~' }],
  ["a !~ 'x'", { op: '!~' }],
  ['a is null', { kind: 'isnull', negated: false }],
  ['a isnull', { kind: 'isnull', negated: false }],
  ['a is not null', { kind: 'isnull', negated: true }],
  ['a is not true', { kind: 'istest', test: 'true', negated: true }],
  ['a is unknown', { kind: 'istest', test: 'unknown', negated: false }],
  ['a between 1 and 2', { kind: 'between', low: { text: '1' }, high: { text: '2' }, negated: false }],
  ['a not between 1 and 2', { kind: 'between', negated: true }],
  ['a in (1, 2)', { kind: 'inlist', items: [{}, {}], negated: false }],
  ["a not in ('x')", { kind: 'inlist', negated: true }],
  ['(a, b) in ((1, 2))', { kind: 'inlist', arg: { kind: 'row' }, items: [{ kind: 'row' }] }],
  ['a in (select 1)', { kind: 'subquery', form: 'in', op: '=', negated: false, left: [named('a')] }],
  ['(a, b) not in (select 1, 2)', { kind: 'subquery', form: 'in', negated: true, left: [named('a'), named('b')] }],
  ['exists (select 1)', { kind: 'subquery', form: 'exists', negated: false, left: [] }],
  ['not exists (select 1)', { kind: 'subquery', form: 'exists', negated: true }],
  ['(select 1)', { kind: 'subquery', form: 'scalar' }],
  ['array(select 1)', { kind: 'subquery', form: 'array' }],
  ['a = any (select 1)', { kind: 'subquery', form: 'any', op: '=' }],
  ['a <> all (select 1)', { kind: 'subquery', form: 'all', op: '<>' }],
  ['a = any (conkey)', { kind: 'anyarray', op: '=', quantifier: 'any', array: named('conkey') }],
  ['case a when 1 then 2 else 3 end', { kind: 'case', arg: named('a'), whens: [{}], otherwise: { text: '3' } }],
  ['case when a then 1 end', { kind: 'case', whens: [{ when: named('a') }] }],
  ['a::varchar(10)', { kind: 'cast', type: { name: 'varchar', mods: [10] } }],
  ['cast(a as decimal(8,2))', { kind: 'cast', type: { name: 'numeric', mods: [8, 2] } }],
  ['a::char', { type: { name: 'char', mods: [1] } }],
  ['a::"char"', { type: { name: 'chartype' } }],
  ['a::double precision', { type: { name: 'float8' } }],
  ['a::timestamp with time zone', { type: { name: 'timestamptz' } }],
  ['a::int2[]', { type: { name: 'int2[]' } }],
  ["'pg_class'::regclass", { type: { name: 'regclass' } }],
  ["date '2020-01-01'", { kind: 'cast', arg: string('2020-01-01'), type: { name: 'date' }, pos: 0 }],
  ["timestamp 'now'", { kind: 'cast', type: { name: 'timestamp' } }],
  ['convert(varchar(5), a + 1)', { kind: 'cast', arg: { kind: 'binary' }, type: { name: 'varchar', mods: [5] } }],
  [
    'convert(int, convert(char(2), a))',
    { kind: 'cast', type: { name: 'int4' }, arg: { kind: 'cast', type: { name: 'char', mods: [2] } } },
  ],
  ['try_cast(a || b as date)', { kind: 'cast', tries: true, arg: { kind: 'binary' }, type: { name: 'date' } }],
  [
    "try_cast(try_cast('1' as int) as interval day)",
    { tries: true, type: { fields: 'day' }, arg: { kind: 'cast', tries: true, type: { name: 'int4' } } },
  ],
  ["interval '3 hours'", { kind: 'interval', text: '3 hours' }],
  ["interval '1-2' year to month", { kind: 'interval', text: '1-2', fields: 'year to month' }],
  ["interval '5' day", { kind: 'interval', fields: 'day' }],
  ['count(*)', { kind: 'call', name: { name: 'count' }, star: true }],
  ['count(distinct a)', { kind: 'call', distinct: true }],
  ['pg_catalog.format_type(a, -1)', { kind: 'call', name: { schema: 'pg_catalog', name: 'format_type' } }],
  [
    'extract(year from a)',
    { kind: 'call', name: { name: 'date_part' }, args: [string('year'), named('a')], label: 'date_part' },
  ],
  ["extract('epoch' from a)", { args: [string('epoch'), named('a')] }],
  ['date_part(dow, a)', { kind: 'call', name: { name: 'date_part' }, args: [string('dow'), named('a')] }],
  ['dateadd(month, 1, a)', { name: { name: 'dateadd' }, args: [string('month'), { kind: 'number' }, named('a')] }],
  ["datediff('day', a, b)", { args: [string('day'), named('a'), named('b')] }],
  ["date_trunc('week', a)", { args: [string('week'), named('a')] }],
  ['sysdate', { kind: 'call', name: { name: 'sysdate' }, args: [] }],
  ['current_date', { kind: 'call', name: { name: 'current_date' } }],
  ['user', { kind: 'call', name: { name: 'current_user' } }],
  ['current_timestamp', { kind: 'call', name: { name: 'current_timestamp' } }],
  ['getdate()', { kind: 'call', name: { name: 'getdate' }, args: [] }],
  ["position('b' in a)", { kind: 'call', name: { name: 'position' }, args: [named('a'), string('b')] }],
  ['substring(a from 2 for 3)', { name: { name: 'substring' }, args: [named('a'), { text: '2' }, { text: '3' }] }],
  ["trim(both 'x' from a)", { name: { name: 'btrim' }, args: [named('a'), string('x')] }],
  ['trim(leading from a)', { name: { name: 'ltrim' } }],
  ["overlay(a placing 'x' from 2)", { name: { name: 'overlay' } }],
  ["a at time zone 'UTC'", { kind: 'call', name: { name: 'timezone' }, args: [string('UTC'), named('a')] }],
  ['coalesce(a, b)', { kind: 'call', name: { name: 'coalesce' } }],
  ['nvl(a, b)', { kind: 'call', name: { name: 'nvl' } }],
  ['nullif(a, b)', { kind: 'call', name: { name: 'nullif' } }],
  ['greatest(a, b)', { kind: 'call', name: { name: 'greatest' } }],
  [
    "listagg(a, ',') within group (order by b desc)",
    { kind: 'call', withinGroup: true, orderBy: [{ descending: true }] },
  ],
  [
    "listagg(distinct a, ',') within group (order by a)",
    { name: { name: 'listagg' }, distinct: true, withinGroup: true },
  ],
  ['approximate count(distinct a)', { name: { name: 'count' }, distinct: true, approximate: true }],
  ['approximate percentile_disc(0.5) within group (order by a)', { approximate: true, withinGroup: true }],
  [
    'sum(a) over (partition by b order by c nulls first rows between 2 preceding and current row)',
    {
      over: {
        partitionBy: [named('b')],
        orderBy: [{ nulls: 'first' }],
        frame: 'rows between 2 preceding and current row',
      },
    },
  ],
  [
    'sum(a) over (order by b rows unbounded preceding)',
    { over: { frame: 'rows between unbounded preceding and current row' } },
  ],
  ['sum(a) over ()', { over: { partitionBy: [], orderBy: [] } }],
  ['first_value(a ignore nulls) over (order by b)', { name: { name: 'first_value' }, ignoreNulls: true }],
  ['lag(a, 1) ignore nulls over (order by b)', { name: { name: 'lag' }, ignoreNulls: true, args: [{}, {}] }],
  ['nth_value(a, 2) respect nulls over (order by b)', { name: { name: 'nth_value' } }],
  ['array[1, 2]', { kind: 'array', items: [{}, {}] }],
  ['array(1, 2)', { kind: 'call', name: { name: 'array' } }],
  ['(current_schemas(true))[1]', { kind: 'subscript', arg: { kind: 'call' }, index: { text: '1' } }],
  ['(f(a)).x', { kind: 'call', name: { name: 'field_select' }, args: [{ kind: 'call' }, string('x')] }],
  ["collate(a, 'case_insensitive')", { kind: 'call', name: { name: 'collate' } }],
  ["a = 'x' collate pg_catalog.default", { kind: 'binary', op: '=' }],
  ['|/ 25', { kind: 'unary', op: '|/' }],
  ["json_serialize(json_parse('{}'))", { kind: 'call', name: { name: 'json_serialize' } }],
  ['window + fetch', { kind: 'binary', left: named('window'), right: named('fetch') }],
  ['left(a, 2) || right(b, 3)', { kind: 'binary', op: '||', left: { kind: 'call' } }],
  ['nextday::date - 1', { kind: 'binary', op: '-', left: { kind: 'cast' } }],
];

describe('expressions', () => {
  for (const [text, expected] of EXPRESSIONS) {
    test(text, () => {
      expect(parseExpressionTextSync(text)).toMatchObject(expected);
    });
  }
});

describe('SELECT', () => {
  test('items, aliases and positions', () => {
    const { items, from, pos } = select('select a as x, t.*, b "Y" from s.t as t (c, d), u');
    expect(items).toMatchObject([{ alias: 'x', pos: 7 }, { expr: { kind: 'star', parts: ['t'] } }, { alias: 'y' }]);
    expect(from).toMatchObject([
      { kind: 'table', name: { schema: 's', name: 't' }, alias: 't', columnAliases: ['c', 'd'] },
      { kind: 'table' },
    ]);
    expect(pos).toBe(7);
  });
  test('date words are labels without AS, and interval fields stay fields', () => {
    const { items } = select("select f(a) year, sum(b)::int[1] month, interval '1' day, 5 hour from t");
    expect(items).toMatchObject([
      { alias: 'year' },
      { alias: 'month' },
      { expr: { kind: 'interval', fields: 'day' } },
      { alias: 'hour' },
    ]);
  });
  test('joins', () => {
    const { from } = select(
      'select 1 from a join b on a.x = b.x left join c using (x) natural join d cross join e full join f on true',
    );
    expect(from).toMatchObject([
      {
        type: 'full',
        left: {
          type: 'cross',
          left: { natural: true, left: { type: 'left', using: ['x'], left: { type: 'inner' } } },
        },
      },
    ]);
  });
  test('derived tables need no alias; functions in FROM', () => {
    const { from } = select(
      'select * from (select 1), f(1) as c(a name, b int), current_database() g, (select 2) as d (x)',
    );
    expect(from).toMatchObject([
      { kind: 'derived', columnAliases: [] },
      { kind: 'function', alias: 'c', columnAliases: ['a', 'b'], columnTypes: [{ name: 'name' }, { name: 'int4' }] },
      { kind: 'function', alias: 'g', columnTypes: [] },
      { kind: 'derived', alias: 'd', columnAliases: ['x'] },
    ]);
  });
  test('GROUP BY, HAVING, ORDER BY, LIMIT, OFFSET, DISTINCT', () => {
    const { query, ...core } = select(
      'select distinct a, count(*) from t group by 1 having count(*) > 1 order by 2 desc nulls last, a limit 5 offset 2',
    );
    expect(core).toMatchObject({ distinct: true, groupBy: [{ text: '1' }], having: { op: '>' } });
    expect(query).toMatchObject({
      orderBy: [{ descending: true, nulls: 'last' }, { descending: false }],
      limit: { text: '5' },
      offset: { text: '2' },
    });
    expect(select('select 1 limit all').query.limit).toBeUndefined();
  });
  test('TOP is a limit', () => {
    expect(select('select distinct top 3 a from t').query.limit).toMatchObject({ text: '3' });
    expect(select('select top (3) a from t').items).toHaveLength(1);
    expect(select('select * from (select top 2 a from t)').from).toMatchObject([{ query: { limit: { text: '2' } } }]);
    expect(select('select top from t').items).toMatchObject([{ expr: { parts: ['top'] } }]);
  });
  test('QUALIFY keeps its place in nested queries', () => {
    const core = select(
      'select top 2 a from (select * from t x qualify rank() over (order by b) = 1) where c qualify d > 1 order by 1',
    );
    expect(core).toMatchObject({
      qualify: { op: '>' },
      where: { parts: ['c'] },
      from: [{ query: { body: { qualify: { op: '=' } } } }],
    });
    expect(core.query).toMatchObject({ limit: { text: '2' }, orderBy: [{}] });
  });
  test('EXCLUDE', () => {
    expect(select('select * exclude (a, b), c from t').items).toMatchObject([
      { expr: { kind: 'star', exclude: ['a', 'b'] } },
      {},
    ]);
    expect(select('select t.* exclude a, b from t').items).toMatchObject([
      { expr: { parts: ['t'], exclude: ['a', 'b'] } },
    ]);
  });
  test('set operations', () => {
    expect(parseQueryTextSync('select 1 union all select 2 minus select 3 order by 1').body).toMatchObject({
      kind: 'setop',
      op: 'except',
      left: { body: { op: 'union', all: true } },
    });
    expect(parseQueryTextSync('select 1 union select 2 intersect select 3').body).toMatchObject({
      op: 'union',
      right: { body: { op: 'intersect' } },
    });
  });
  test('WITH', () => {
    const { query } = select(
      'with recursive q (a) as (select 1 union all select a + 1 from q), r as (select 2) select * from q, r',
    );
    expect(query).toMatchObject({ recursive: true, ctes: [{ name: 'q', columnAliases: ['a'] }, { name: 'r' }] });
  });
  test('SELECT INTO', () => {
    const into = (text: string) => parseStatementsSync(text)[0];
    const target = { name: 'x', temporary: true };
    expect(into('select a into temp table x from t')).toMatchObject({ query: { body: { into: target } } });
    expect(into('select a into #x from #y')).toMatchObject({ query: { body: { into: { ...target, name: '#x' } } } });
    expect(into('select a into temp x from t union select 1')).toMatchObject({
      query: { body: { left: { body: { into: target } } } },
    });
  });
  const seeds = [
    "SELECT DISTINCT firstname FROM customers WHERE firstname like 'J%';",
    "SELECT count(DISTINCT firstname) FROM customers WHERE firstname like 'J%';",
    "SELECT * FROM customers WHERE firstname = 'John' or lastname = 'Arthur';",
    'SELECT * FROM customers WHERE Customerid in (371, 377);',
    'SELECT * FROM customers WHERE customerid in (SELECT customerid from customers);',
    "with cte as \n(\nSELECT firstname, lastname, CONCAT(firstname,' ',lastname)\nFROM customers\n)\nSELECT * \nFROM customers; ",
    'SELECT * FROM customers INNER JOIN orders on customers.customerid = orders.customerid; ',
    'select * from stv_exec_state\nwhere currenttime > (select max(currenttime) from stv_exec_state)',
    'SELECT * FROM SVL_USER_INFO;',
    "SELECT firstname FROM customers WHERE firstname like 'J%' group by firstname;",
  ];
  for (const text of seeds) {
    test(text.slice(0, 60), () => {
      expect(parseStatementsSync(text)).toMatchObject([{ kind: 'query', query: { body: { kind: 'select' } } }]);
    });
  }
});

describe('UPDATE and DELETE', () => {
  test('UPDATE', () => {
    expect(
      parseStatementsSync('with q as (select 1) update s.t as x set a = 1, b = default from u where x.c = u.c'),
    ).toMatchObject([
      {
        kind: 'update',
        table: { schema: 's', name: 't' },
        alias: 'x',
        ctes: [{ name: 'q' }],
        from: [{ name: { name: 'u' } }],
        set: [
          { column: 'a', value: { text: '1' } },
          { column: 'b', value: { kind: 'default' } },
        ],
        where: { op: '=' },
      },
    ]);
  });
  test('DELETE with and without FROM', () => {
    expect(parseStatementsSync('delete from t using u where t.a = u.a')).toMatchObject([
      { kind: 'delete', using: [{ name: { name: 'u' } }] },
    ]);
    expect(parseStatementsSync('delete t where a = 1')).toMatchObject([
      { kind: 'delete', table: { name: 't', pos: 7 }, where: { pos: 17 } },
    ]);
    expect(parseStatementsSync('delete from #t')).toMatchObject([{ kind: 'delete', table: { name: '#t' } }]);
  });
});

describe('errors and refusals', () => {
  const cases: readonly (readonly [string, string, string, number?])[] = [
    ['select * frm x y', '42601', 'syntax error at or near "frm"', 10],
    ['selec 1', '42601', 'syntax error at or near "selec"', 1],
    ['select a from', '42601', 'syntax error at end of input', 14],
    ["select 'é日本' from t where 1 1", '42601', 'syntax error at or near "1"', 29],
    ['select top 5 a from t wher x = FROM', '42601', 'syntax error at or near "x"', 28],
    ["select 'it\\'s' frm t u", '42601', 'syntax error at or near "t"', 20],
    ['select 1; select 2 2', '42601', 'syntax error at or near "2"', 20],
    ['SELECT * FROM order LEFT JOIN customers on true', '42601', 'syntax error at or near "order"', 15],
    ['select a.b.c.d.* x y', '42601', 'syntax error'],
    ['select 1 limit 1, 2', '42601', 'LIMIT #,# syntax is not supported'],
    ['select top 5 a from t limit 3', '42601', 'TOP and LIMIT', 29],
    ['(select 1 limit 1) union select 2', '42601', 'LIMIT may not be used within input to set operations.'],
    ['select 1 intersect all select 1', '0A000', 'INTERSECT ALL'],
    ['select distinct on (a) a from t', '0A000', 'DISTINCT ON'],
    ['select a from t for update', '0A000', 'FOR UPDATE'],
    ['select sum(a) filter (where b) from t', '42601', 'syntax error'],
    ['select * from t, lateral (select 1) x', '42601', 'syntax error'],
    ['select * from t tablesample system (1)', '42601', 'syntax error'],
    ['select sum(a) over w from t window w as (order by a)', '42601', 'syntax error'],
    ['select sum(a) over (order by b range between 1 preceding and current row) from t', '0A000', 'RANGE'],
    ['select a from t start with a = 1', '42601', 'syntax error at or near "start"', 17],
    ['select a from t connect by', '42601', 'syntax error'],
    ['select a from t connect by prior = b', '42601', 'syntax error', 34],
    ['with q as (insert into t values (1) returning a) select * from q', '42601', 'syntax error'],
    ['update t set t.a = 1', '42703', 'column "t" of relation "t" does not exist', 14],
    ['update t set a = 1 returning a', '42601', 'syntax error at or near "returning"', 20],
    ['update t set (a, b) = (1, 2)', '0A000', 'SET (columns)'],
    ['delete from t returning a', '42601', 'syntax error at or near "a"'],
    ["select x'1f'", '0A000', 'bit string'],
    ['select f(a => 1)', '42601', 'syntax error at or near "=>"', 12],
    ['select a fetch first 5 rows only', '42601', 'syntax error'],
    ['select 1 where 1 = ?', '42601', 'syntax error at end of input'],
  ];
  for (const [text, sqlstate, message, position] of cases) {
    test(text, () => {
      const error = errorOf(text);
      expect(error.sqlstate).toBe(sqlstate);
      expect(error.message).toContain(message);
      if (position !== undefined) expect(error.position).toBe(position);
    });
  }
});
