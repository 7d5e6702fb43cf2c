-- Flight 4, finest: the brands of one category from the cities of one nation.
select d_year, s_city, p_brand1, sum(lo_revenue - lo_supplycost) as profit
from dwdate, customer, supplier, part, lineorder
where lo_custkey = c_custkey and lo_suppkey = s_suppkey and lo_partkey = p_partkey and lo_orderdate = d_datekey
  and c_region = 'AMERICA' and s_nation = 'CANADA' and p_category in ('MFGR#14', 'MFGR#41')
group by d_year, s_city, p_brand1
order by d_year, profit desc, s_city, p_brand1
limit 50;
