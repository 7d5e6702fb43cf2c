-- Flight 4, finer: categories of two years by season.
select d_sellingseason, s_nation, p_category, sum(lo_revenue - lo_supplycost) as profit
from dwdate, customer, supplier, part, lineorder
where lo_custkey = c_custkey and lo_suppkey = s_suppkey and lo_partkey = p_partkey and lo_orderdate = d_datekey
  and c_region = 'MIDDLE EAST' and s_region = 'ASIA' and d_year in (1994, 1995) and p_mfgr <> 'MFGR#1'
group by d_sellingseason, s_nation, p_category
order by profit desc, 1, 2, 3
limit 50;
