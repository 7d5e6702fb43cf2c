/**
 * Queries of the benchmark that are none of TPC-H's, over its tables: aggregates that take their values in an order, or are
 * estimates. DuckDB and PostgreSQL have names of their own for some.
 */
interface FurtherQuery {
  readonly sql: string;
  /** For engines that say it differently. */
  readonly elsewhere?: string;
}

const perOrder = (list: string): string =>
  `select count(*), sum(length(l)) from (select l_orderkey, ${list} as l from lineitem group by l_orderkey) t`;
const perGroup = (key: string): string =>
  `select count(*), sum(m) from (select ${key}, percentile_cont(0.5) within group (order by l_extendedprice::float8) as m from lineitem group by ${key}) t`;

const FURTHER: Readonly<Record<string, FurtherQuery>> = {
  listagg: {
    sql: perOrder("listagg(l_shipmode, ',') within group (order by l_linenumber)"),
    elsewhere: perOrder("string_agg(l_shipmode, ',' order by l_linenumber)"),
  },
  'percentiles of few groups': { sql: perGroup('l_returnflag') },
  'percentiles of many groups': { sql: perGroup('l_suppkey') },
  percentile: {
    sql: 'select percentile_cont(0.99) within group (order by l_extendedprice::float8) from lineitem',
  },
};
export const FURTHER_NAMES = Object.keys(FURTHER);

/** The query's text for one engine; undefined for a name that is none of these. */
export function furtherText(name: string, isOurs: boolean): string | undefined {
  const query = FURTHER[name];
  return isOurs ? query?.sql : (query?.elsewhere ?? query?.sql);
}
