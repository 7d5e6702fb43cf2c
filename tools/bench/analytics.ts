/**
 * Queries of the benchmark that are none of TPC-H's, over its tables: windows, grouping sets, texts and percentiles of groups,
 * and documents. DuckDB and PostgreSQL have names of their own for some. Documents are SUPER here and JSON there, made of the
 * same texts: neither knows their fields beforehand.
 */
interface AnalyticsQuery {
  readonly group: string;
  readonly sql: string;
  /** For engines that say it differently. */
  readonly elsewhere?: string;
}

const window = (what: string, column: string, from: string, where = ''): AnalyticsQuery => ({
  group: 'windows',
  sql: `select ${what} from (select ${column} from ${from}) t${where}`,
});
const sets = (keys: string, by: string): AnalyticsQuery => ({
  group: 'grouping sets',
  sql: `select count(*), sum(c), sum(s) from (select ${keys}, count(*) c, sum(l_extendedprice) s from lineitem group by ${by}) t`,
});
const list = (key: string, from: string, ours: string, theirs: string): AnalyticsQuery => {
  const sql = (text: string): string =>
    `select count(*), sum(length(l)), max(l) from (select ${key}, ${text} as l from ${from} group by ${key}) t`;
  return { group: 'listagg', sql: sql(ours), elsewhere: sql(theirs) };
};
const percentile = (key: string): AnalyticsQuery => ({
  group: 'percentiles',
  sql: `select count(*), sum(m) from (select ${key}, percentile_cont(0.5) within group (order by l_extendedprice::float8) as m from lineitem group by ${key}) t`,
});
const documents = (ours: string, theirs: string): AnalyticsQuery => ({
  group: 'documents',
  sql: ours,
  elsewhere: theirs,
});

const QUERIES: Readonly<Record<string, AnalyticsQuery>> = {
  'running sum': window(
    'max(s), count(*)',
    'sum(o_totalprice) over (partition by o_custkey order by o_orderdate, o_orderkey rows unbounded preceding) s',
    'orders',
  ),
  'top rows': window(
    'count(*), sum(l_orderkey)',
    'l_orderkey, row_number() over (partition by l_suppkey order by l_extendedprice desc, l_orderkey, l_linenumber) r',
    'lineitem',
    ' where r <= 3',
  ),
  'share of an order': window(
    'count(*)',
    'l_extendedprice, sum(l_extendedprice) over (partition by l_orderkey) s',
    'lineitem',
    ' where l_extendedprice * 2 > s',
  ),
  'moving average': window(
    'max(a), min(a)',
    'avg(l_quantity::float8) over (partition by l_suppkey order by l_shipdate, l_orderkey, l_linenumber rows between 6 preceding and current row) a',
    'lineitem',
  ),
  'days between orders': window(
    'max(d), sum(d)',
    'o_orderdate - lag(o_orderdate) over (partition by o_custkey order by o_orderdate, o_orderkey) d',
    'orders',
  ),
  'rollup of few groups': sets(
    'l_returnflag, l_linestatus, l_shipmode',
    'rollup (l_returnflag, l_linestatus, l_shipmode)',
  ),
  cube: sets(
    'l_returnflag, l_linestatus, l_shipmode, l_shipinstruct',
    'cube (l_returnflag, l_linestatus, l_shipmode, l_shipinstruct)',
  ),
  'rollup of many groups': sets(
    'l_suppkey, l_shipmode, l_returnflag',
    'rollup (l_suppkey, l_shipmode, l_returnflag)',
  ),
  'sets side by side': sets('l_suppkey, l_shipdate', 'grouping sets ((l_suppkey), (l_shipdate), ())'),
  'list of an order': list(
    'l_orderkey',
    'lineitem',
    "listagg(l_shipmode, ',') within group (order by l_linenumber)",
    "string_agg(l_shipmode, ',' order by l_linenumber)",
  ),
  'list of a customer': list(
    'o_custkey',
    'orders',
    "listagg(o_orderkey, ',') within group (order by o_orderdate, o_orderkey)",
    "string_agg(o_orderkey::varchar, ',' order by o_orderdate, o_orderkey)",
  ),
  'distinct list': list(
    'l_suppkey',
    'lineitem',
    "listagg(distinct l_shipmode, ',') within group (order by l_shipmode)",
    "string_agg(distinct l_shipmode, ',' order by l_shipmode)",
  ),
  'list of a part': list(
    'l_partkey',
    'lineitem',
    "listagg(l_orderkey, ',') within group (order by l_shipdate desc, l_orderkey)",
    "string_agg(l_orderkey::varchar, ',' order by l_shipdate desc, l_orderkey)",
  ),
  'median of few groups': percentile('l_returnflag'),
  'median of many groups': percentile('l_suppkey'),
  'median of very many groups': percentile('l_partkey'),
  'percentile of all': {
    group: 'percentiles',
    sql: 'select percentile_cont(0.99) within group (order by l_extendedprice::float8) from lineitem',
  },
  'path in a condition': documents(
    "select count(*) from documents where d.customer.segment = 'BUILDING' and d.price > 300000",
    "select count(*) from documents where d->'customer'->>'segment' = 'BUILDING' and (d->>'price')::float8 > 300000",
  ),
  'path as a group': documents(
    'select s, count(*), sum(p) from (select d.status::varchar s, d.price::decimal(15,2) p from documents) t group by s order by s',
    "select s, count(*), sum(p) from (select d->>'status' s, (d->>'price')::decimal(15,2) p from documents) t group by s order by s",
  ),
  'path to an item': documents(
    'select count(*), sum(q) from (select d.lines[1].quantity::int q from documents) t where q > 10',
    "select count(*), sum(q) from (select (d->'lines'->1->>'quantity')::int q from documents) t where q > 10",
  ),
  'items as rows': documents(
    'select m, count(*), sum(q) from (select l.mode::varchar m, l.quantity::int q from documents x, x.d.lines l) t group by m order by m',
    "select m, count(*), sum(q) from (select l->>'mode' m, (l->>'quantity')::int q from (select unnest(json_extract(d, '$.lines[*]')) l from documents) x) t group by m order by m",
  ),
};
/** Names of the queries; a group's name stands for its queries, `analytics` for all. */
export const ANALYTICS_NAMES = Object.keys(QUERIES);
export const ANALYTICS_GROUPS = [...new Set(Object.values(QUERIES).map((q) => q.group))];
export const groupOf = (name: string): string | undefined => QUERIES[name]?.group;
export const namesOf = (group: string): readonly string[] =>
  ANALYTICS_NAMES.filter((name) => group === 'analytics' || QUERIES[name]!.group === group);

/** The query's text for one engine; undefined for a name that is none of these. */
export function analyticsText(name: string, isOurs: boolean): string | undefined {
  const query = QUERIES[name];
  return isOurs ? query?.sql : (query?.elsewhere ?? query?.sql);
}

/** An order with its lines as the text of a document. */
const DOCUMENT = (lines: string): string =>
  `'{"key":' || o_orderkey || ',"status":"' || o_orderstatus || '","price":' || o_totalprice || ',"customer":{"key":' || c_custkey || ',"segment":"' || trim(c_mktsegment) || '"},"lines":[' || ${lines} || ']}'`;
const LINE = `'{"part":' || l_partkey || ',"quantity":' || l_quantity::int || ',"mode":"' || trim(l_shipmode) || '"}'`;
const made = (lines: string): string =>
  `from orders join customer on c_custkey = o_custkey join (select l_orderkey, ${lines} as lines from lineitem group by l_orderkey) l on l_orderkey = o_orderkey where o_orderkey % 4 = 0`;

/** What makes the table of documents: a quarter of the orders. */
export const documentsTable = (isOurs: boolean): string =>
  isOurs
    ? `create table documents as select json_parse(${DOCUMENT('lines')}) d ${made(`listagg(${LINE}, ',') within group (order by l_linenumber)`)}`
    : `create table documents as select (${DOCUMENT('lines')})::json d ${made(`string_agg(${LINE}, ',' order by l_linenumber)`)}`;
