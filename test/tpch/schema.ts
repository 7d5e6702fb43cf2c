/**
 * The TPC-H tables as a Redshift user would declare them: the two large ones share their distribution key, small ones
 * lie on every node. Used by the answers test and the benchmark.
 */
export const TPCH_TABLES: readonly (readonly [string, string])[] = [
  ['region', '(r_regionkey int not null, r_name char(25) not null, r_comment varchar(152)) diststyle all'],
  [
    'nation',
    '(n_nationkey int not null, n_name char(25) not null, n_regionkey int not null, n_comment varchar(152)) diststyle all',
  ],
  [
    'supplier',
    `(s_suppkey int not null, s_name char(25) not null, s_address varchar(40) not null, s_nationkey int not null,
    s_phone char(15) not null, s_acctbal decimal(15,2) not null, s_comment varchar(101) not null) diststyle all sortkey(s_suppkey)`,
  ],
  [
    'customer',
    `(c_custkey int not null, c_name varchar(25) not null, c_address varchar(40) not null, c_nationkey int not null,
    c_phone char(15) not null, c_acctbal decimal(15,2) not null, c_mktsegment char(10) not null, c_comment varchar(117) not null)
    distkey(c_custkey) sortkey(c_custkey)`,
  ],
  [
    'part',
    `(p_partkey int not null, p_name varchar(55) not null, p_mfgr char(25) not null, p_brand char(10) not null,
    p_type varchar(25) not null, p_size int not null, p_container char(10) not null, p_retailprice decimal(15,2) not null,
    p_comment varchar(23) not null) distkey(p_partkey) sortkey(p_partkey)`,
  ],
  [
    'partsupp',
    `(ps_partkey int not null, ps_suppkey int not null, ps_availqty int not null, ps_supplycost decimal(15,2) not null,
    ps_comment varchar(199) not null) distkey(ps_partkey) sortkey(ps_partkey)`,
  ],
  [
    'orders',
    `(o_orderkey bigint not null, o_custkey int not null, o_orderstatus char(1) not null, o_totalprice decimal(15,2) not null,
    o_orderdate date not null, o_orderpriority char(15) not null, o_clerk char(15) not null, o_shippriority int not null,
    o_comment varchar(79) not null) distkey(o_orderkey) sortkey(o_orderdate)`,
  ],
  [
    'lineitem',
    `(l_orderkey bigint not null, l_partkey int not null, l_suppkey int not null, l_linenumber int not null,
    l_quantity decimal(15,2) not null, l_extendedprice decimal(15,2) not null, l_discount decimal(15,2) not null,
    l_tax decimal(15,2) not null, l_returnflag char(1) not null, l_linestatus char(1) not null, l_shipdate date not null,
    l_commitdate date not null, l_receiptdate date not null, l_shipinstruct char(25) not null, l_shipmode char(10) not null,
    l_comment varchar(44) not null) distkey(l_orderkey) sortkey(l_shipdate)`,
  ],
];

/** Numbers may differ from the tenth digit on, or in the last decimal; texts ignore trailing blanks. */
export function sameCell(ours: string | null, theirs: string | null): boolean {
  if (ours === null || theirs === null) return ours === theirs;
  const [a, b] = [ours.trimEnd(), theirs.trimEnd()];
  if (a === b) return true;
  if (!/^-?\d/.test(a) || !/^-?\d/.test(b)) return false;
  const [x, y] = [Number(a), Number(b)];
  if (!Number.isFinite(x) || !Number.isFinite(y)) return false;
  const decimals = Math.min(decimalsOf(a), decimalsOf(b));
  return (
    Math.abs(x - y) <=
    Math.max(1e-9 * Math.max(Math.abs(x), Math.abs(y)), decimals === 0 ? 0 : 1.01 * 10 ** -decimals)
  );
}
const decimalsOf = (text: string): number => /\.(\d+)$/.exec(text)?.[1]?.length ?? 0;
