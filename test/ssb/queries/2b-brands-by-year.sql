-- Flight 2, finer: a range of brands.
select d_year, p_brand1, sum(lo_revenue) as revenue, count(*) as n
from lineorder, dwdate, part, supplier
where lo_orderdate = d_datekey and lo_partkey = p_partkey and lo_suppkey = s_suppkey and p_brand1 between 'MFGR#3311' and 'MFGR#3318' and s_region = 'AMERICA'
group by d_year, p_brand1
order by d_year, p_brand1
limit 60;
