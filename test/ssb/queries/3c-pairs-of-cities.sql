-- Flight 3, finer: pairs under OR on both sides.
select c_city, s_nation, d_year, sum(lo_revenue) as revenue
from lineorder, customer, supplier, dwdate
where lo_custkey = c_custkey and lo_suppkey = s_suppkey and lo_orderdate = d_datekey
  and ((c_city = 'BRAZIL   3' and s_region = 'AMERICA') or (c_city = 'PERU     1' and s_region = 'EUROPE'))
group by c_city, s_nation, d_year
order by d_year, revenue desc, c_city, s_nation
limit 50;
