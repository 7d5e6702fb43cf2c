/**
 * The Star Schema Benchmark (fixtures/ssb-small: the orders of scale 1 whose key is 1 modulo 512) as AWS' tuning tutorial
 * declares it, under thirteen flights of our own: one fact, then one, two, three and four dimensions, ever finer.
 */
import { join } from 'node:path';
import type { Workload } from '../workloads/workload.ts';

const FILES: { readonly [table: string]: string } = { dwdate: 'date' };

export const workload: Workload = {
  name: 'ssb',
  tables: [
    [
      'customer',
      `(c_custkey int not null, c_name varchar(25) not null, c_address varchar(25) not null, c_city varchar(10) not null,
      c_nation varchar(15) not null, c_region varchar(12) not null, c_phone varchar(15) not null,
      c_mktsegment varchar(10) not null) diststyle all sortkey(c_custkey)`,
    ],
    [
      'dwdate',
      `(d_datekey int not null, d_date varchar(19) not null, d_dayofweek varchar(10) not null, d_month varchar(10) not null,
      d_year int not null, d_yearmonthnum int not null, d_yearmonth varchar(8) not null, d_daynuminweek int not null,
      d_daynuminmonth int not null, d_daynuminyear int not null, d_monthnuminyear int not null, d_weeknuminyear int not null,
      d_sellingseason varchar(13) not null, d_lastdayinweekfl varchar(1) not null, d_lastdayinmonthfl varchar(1) not null,
      d_holidayfl varchar(1) not null, d_weekdayfl varchar(1) not null) diststyle all sortkey(d_datekey)`,
    ],
    [
      'part',
      `(p_partkey int not null, p_name varchar(22) not null, p_mfgr varchar(6), p_category varchar(7) not null,
      p_brand1 varchar(9) not null, p_color varchar(11) not null, p_type varchar(25) not null, p_size int not null,
      p_container varchar(10) not null) distkey(p_partkey) sortkey(p_partkey)`,
    ],
    [
      'supplier',
      `(s_suppkey int not null, s_name varchar(25) not null, s_address varchar(25) not null, s_city varchar(10) not null,
      s_nation varchar(15) not null, s_region varchar(12) not null, s_phone varchar(15) not null) diststyle all sortkey(s_suppkey)`,
    ],
    [
      'lineorder',
      `(lo_orderkey int not null, lo_linenumber int not null, lo_custkey int not null, lo_partkey int not null,
      lo_suppkey int not null, lo_orderdate int not null, lo_orderpriority varchar(15) not null, lo_shippriority varchar(1) not null,
      lo_quantity int not null, lo_extendedprice int not null, lo_ordertotalprice int not null, lo_discount int not null,
      lo_revenue int not null, lo_supplycost int not null, lo_tax int not null, lo_commitdate int not null,
      lo_shipmode varchar(10) not null) distkey(lo_partkey) sortkey(lo_orderdate)`,
    ],
  ],
  file: (table) => join(import.meta.dirname, '../../fixtures/ssb-small', `${FILES[table] ?? table}.tbl.gz`),
};
