-- Flight 3: trade between the nations of two regions.
select c_nation, s_nation, sum(lo_revenue) as revenue
from lineorder, customer, supplier, dwdate
where lo_custkey = c_custkey and lo_suppkey = s_suppkey and lo_orderdate = d_datekey and c_region = 'ASIA' and s_region = 'AFRICA' and d_year >= 1994 and d_year <= 1996
group by c_nation, s_nation
order by revenue desc, c_nation, s_nation;
