/**
 * A printed query parses to the tree it was printed from, for every kind of expression and query there is.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { quoteName } from '../catalog/names.ts';
import { parseQueryTextSync, warmParser } from './parser.ts';
import { printQuery } from './print-query.ts';

beforeAll(warmParser);

const names = {
  quote: quoteName,
  table: () => 'never',
  column: () => undefined,
  routine: () => 'never',
  unchanged: () => true,
};
/** Positions differ, and a join that stands alone may be in parentheses. */
const shape = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, v: unknown) => (key === 'pos' ? undefined : v)));

const QUERIES = [
  `select 1, -2, 3.5, 1e3, 'it''s', 'back\\\\slash', null, true, a, t.b as "B c", * from s.t as t where a is not null`,
  `select distinct a, b from t, u v, (select 1 x) d where (a + 1) * 2 - -3 > 4 and (not b or c = 'x') order by a desc nulls last, 2`,
  `select a from t left join u using (id) right join v on t.a = v.a and v.b in (1, 2) full join w on true cross join z`,
  `with q as (select 1 a), r(x, y) as (select a, a from q) select * from q, r union all (select 1, 2, 3 order by 1)`,
  `(select 1 union select 2) intersect (select 3) except select 4 order by 1 limit 2 offset 1`,
  `select count(*), count(distinct a), sum(a) from t group by 1, b having count(*) > 1`,
  `select a between 1 and 2, a not between symmetric_a and 3, a not in (1), a like 'x' escape '^', a not ilike 'y', a similar to 'z' from t`,
  `select case when a then 1 else 2 end, case a + 1 when 1 then 'x' end, a is true, b is not unknown from t`,
  `select cast(a as numeric(10, 2)), a::varchar(max), 'x'::double precision, date '2020-01-01', interval '1' day, interval '1 day 2 hours'`,
  `select extract(year from d), date_part(month, d), dateadd(day, 1, d), current_date, sysdate, getdate(), position('a' in b), trim(both 'x' from y), substring(a from 2 for 3) from t`,
  `select (select max(a) from t), exists (select 1), a in (select b from u), (a, b) in (select 1, 2), a = any (select 1), a <> all (select 2) from t`,
  `select array[1, 2], ('{1,2}'::int[])[1], a = any ('{1,2}'::int[]), pg_catalog.format_type(1, 2), a || b, a ~ 'x', a !~* 'y', - a, @ b from t`,
  `select row_number() over (partition by a order by b desc rows between 1 preceding and current row), rank() over () from t`,
  `select * from generate_series(1, 3) as g(i), pg_get_cols('x') as c(a name, b int)`,
  `select listagg(a, ',') within group (order by b), approximate count(distinct a) from t`,
  `select $1 + 1 from t where a = 'x' and b = 'y' and c = 'z' or d is null and not (e or f) limit 10`,
];
const folder = new URL('../../../fixtures/tpch-sf0.01/queries/', import.meta.url);
const files = readdirSync(folder).map((f) => readFileSync(new URL(f, folder), 'utf8').replace(/;\s*$/, ''));

test.each([...QUERIES, ...files.filter((f) => /^\s*(--.*\n)*\s*(select|with)/i.test(f))])('%#', (sql) => {
  const query = parseQueryTextSync(sql);
  const text = printQuery(query, names);
  expect(shape(parseQueryTextSync(text)), text).toEqual(shape(query));
});
