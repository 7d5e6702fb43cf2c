/**
 * A query in Redshift's dialect as PostgreSQL and DuckDB take it: what only the spelling parts is rewritten in the text,
 * functions that they lack are defined for the session. Queries beyond that carry a text of their own.
 */
import type { Query } from './workload.ts';

const UNITS = 'year|quarter|month|week|day|hour|minute|second';

/** DATEDIFF and DATEADD take their unit as a word in Redshift, as a text in the functions below. */
const units = (sql: string): string =>
  sql.replace(new RegExp(`\\b(datediff|dateadd)\\s*\\(\\s*(${UNITS})\\s*,`, 'gi'), "$1('$2',");

const LISTAGG =
  /\blistagg\s*\(\s*(distinct\s+)?((?:[^(),']|\([^()]*\))+?)\s*,\s*('[^']*')\s*\)\s*within\s+group\s*\(\s*(order\s+by\s+(?:[^()]|\([^()]*\))+)\)/gi;

export const toPostgresql = (query: Query): string =>
  query.postgresql ??
  units(query.text)
    .replace(LISTAGG, (_, distinct: string | undefined, value: string, separator: string, order: string) => {
      return `string_agg(${distinct ?? ''}${value}::text, ${separator} ${order})`;
    })
    .replace(/\bnvl\s*\(/gi, 'coalesce(')
    .replace(/\bmedian\s*\(\s*((?:[^()]|\([^()]*\))+)\)/gi, 'percentile_cont(0.5) within group (order by $1)')
    .replace(/\bapproximate\s+count\b/gi, 'count');

export const POSTGRESQL_FUNCTIONS: readonly string[] = [
  `create function dateadd(unit text, n bigint, d timestamp) returns timestamp immutable language sql
     as $$ select d + (n || ' ' || case unit when 'quarter' then 'months' else unit end)::interval
       * case unit when 'quarter' then 3 else 1 end $$`,
  `create function dateadd(unit text, n bigint, d date) returns timestamp immutable language sql
     as $$ select dateadd(unit, n, d::timestamp) $$`,
  `create function datediff(unit text, a timestamp, b timestamp) returns bigint immutable language sql as $$
     select case unit
       when 'year' then extract(year from b) - extract(year from a)
       when 'quarter' then (extract(year from b) - extract(year from a)) * 4 + extract(quarter from b) - extract(quarter from a)
       when 'month' then (extract(year from b) - extract(year from a)) * 12 + extract(month from b) - extract(month from a)
       when 'day' then b::date - a::date
       when 'hour' then extract(epoch from date_trunc('hour', b) - date_trunc('hour', a)) / 3600
       when 'minute' then extract(epoch from date_trunc('minute', b) - date_trunc('minute', a)) / 60
       when 'second' then extract(epoch from date_trunc('second', b) - date_trunc('second', a))
     end::bigint $$`,
  `create function datediff(unit text, a date, b date) returns bigint immutable language sql
     as $$ select datediff(unit, a::timestamp, b::timestamp) $$`,
  `create function last_day(d date) returns date immutable language sql
     as $$ select (date_trunc('month', d::timestamp) + interval '1 month - 1 day')::date $$`,
  `create function add_months(d date, n bigint) returns timestamp immutable language sql
     as $$ select case when d = last_day(d) then last_day((d + (n || ' months')::interval)::date)::timestamp
       else d + (n || ' months')::interval end $$`,
  `create function len(t text) returns int immutable language sql as $$ select length(t) $$`,
  `create function charindex(part text, t text) returns int immutable language sql as $$ select strpos(t, part) $$`,
];

export const toDuckdb = (query: Query): string =>
  query.duckdb ??
  units(query.text)
    .replace(LISTAGG, (_, distinct: string | undefined, value: string, separator: string, order: string) => {
      return `string_agg(${distinct ?? ''}${value}, ${separator} ${order})`;
    })
    .replace(/\bnvl\s*\(/gi, 'coalesce(')
    .replace(/::float\b/gi, '::double')
    .replace(/\bapproximate\s+count\b/gi, 'count');

export const DUCKDB_FUNCTIONS: readonly string[] = [
  `set default_null_order = 'nulls_last_on_asc_first_on_desc'`,
  `set integer_division = true`,
  `create macro dateadd(unit, n, d) as d::timestamp + case unit when 'year' then to_years(n::int) when 'quarter' then to_months(3 * n::int)
     when 'month' then to_months(n::int) when 'week' then to_days(7 * n::int) when 'day' then to_days(n::int)
     when 'hour' then to_hours(n::int) when 'minute' then to_minutes(n::int) else to_seconds(n::int) end`,
  `create macro add_months(d, n) as case when d = last_day(d) then last_day((d + to_months(n::int))::date)::timestamp
     else d + to_months(n::int) end`,
  `create macro charindex(part, t) as strpos(t, part)`,
];
