-- Flight 3, finest: one month.
select c_region, s_region, sum(lo_revenue) as revenue, count(distinct lo_orderkey) as orders
from lineorder, customer, supplier, dwdate
where lo_custkey = c_custkey and lo_suppkey = s_suppkey and lo_orderdate = d_datekey and d_yearmonth = 'Oct1996'
group by c_region, s_region
order by c_region, s_region;
