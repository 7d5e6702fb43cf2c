-- Flight 4: profit by year and nation over four dimensions.
select d_year, c_nation, sum(lo_revenue - lo_supplycost) as profit
from dwdate, customer, supplier, part, lineorder
where lo_custkey = c_custkey and lo_suppkey = s_suppkey and lo_partkey = p_partkey and lo_orderdate = d_datekey
  and c_region = 'EUROPE' and s_region = 'EUROPE' and (p_mfgr = 'MFGR#3' or p_mfgr = 'MFGR#5')
group by d_year, c_nation
order by d_year, c_nation
limit 60;
