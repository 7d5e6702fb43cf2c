/**
 * Which queries of materialized views Redshift cannot maintain incrementally, and the reason that is told.
 */
import { beforeAll, expect, it } from 'vitest';
import { aggregateFunctions, scalarFunctions, windowFunctions } from '../../functions/all-functions.ts';
import { createFunctionRegistry } from '../../functions/registry.ts';
import { analyse } from '../analyser/index.ts';
import { testContext } from '../analyser/testing/fixture.ts';
import { parseQueryTextSync, parseStatementsSync, warmParser } from '../parser/parser.ts';
import { mutableFunctions, whyRecomputed } from './incremental.ts';

beforeAll(() => warmParser());

const functions = createFunctionRegistry(scalarFunctions, aggregateFunctions, windowFunctions);
function reason(sql: string): string | undefined {
  const { rel } = analyse(parseStatementsSync(sql)[0]!, testContext(parseQueryTextSync, { functions }));
  const mutable = mutableFunctions(rel, (name) => {
    const f = functions.lookup(name);
    return f?.kind === 'scalar' ? f : undefined;
  });
  return whyRecomputed(rel, mutable);
}

it.each<[string, string | undefined]>([
  ['select a, b from t where a > 1', undefined],
  ['select t.a, s.x from t join s on t.a = s.a', undefined],
  ['select b, sum(a), count(*), min(a), max(a), avg(a) from t group by b', undefined],
  ['select a from t union all select a from s', undefined],
  ['select * from (select a from t where a in (1, 2)) x', undefined],
  ['select abs(a), upper(c) from t', undefined],
  ['select a, random() from t', 'Mutable functions are not supported'],
  ['select a from t where e > getdate()', 'Mutable functions are not supported'],
  ['select a from t where e > sysdate', 'Mutable functions are not supported'],
  ['select a from t where e > current_date', 'Mutable functions are not supported'],
  ['select a from t where c = current_user', 'Mutable functions are not supported'],
  ['select t.a from t left join s on t.a = s.a', 'Outer joins are not supported'],
  ['select a from t union select a from s', 'Set operations other than UNION ALL are not supported'],
  ['select a from t except select a from s', 'Set operations other than UNION ALL are not supported'],
  [
    'select count(*) from (select a from t union all select a from s) x',
    'UNION ALL under an aggregate is not supported',
  ],
  ['select distinct a from t', 'DISTINCT is not supported'],
  ['select count(distinct a) from t', 'DISTINCT aggregates are not supported'],
  ['select median(a) from t', 'Aggregate function MEDIAN is not supported'],
  ['select stddev_samp(a) from t', 'Aggregate function STDDEV_SAMP is not supported'],
  ['select a, row_number() over (order by a) from t', 'Window functions are not supported'],
  ['select a from t where a in (select a from s)', 'Subqueries outside of the FROM clause are not supported'],
  ['select a, (select max(x) from s) from t', 'Subqueries outside of the FROM clause are not supported'],
  ['select a, sum(b) from t group by rollup (a)', 'Grouping sets are not supported'],
])('%s', (sql, expected) => {
  expect(reason(sql)).toBe(expected);
});
