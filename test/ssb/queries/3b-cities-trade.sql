-- Flight 3, finer: cities of one nation with cities of another.
select c_city, s_city, d_year, sum(lo_revenue) as revenue
from lineorder, customer, supplier, dwdate
where lo_custkey = c_custkey and lo_suppkey = s_suppkey and lo_orderdate = d_datekey and c_nation = 'GERMANY' and s_nation in ('FRANCE', 'RUSSIA') and d_year < 1997
group by c_city, s_city, d_year
order by d_year, revenue desc, c_city, s_city
limit 50;
