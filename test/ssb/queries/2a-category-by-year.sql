-- Flight 2: revenue of the brands of a category from the suppliers of a region.
select d_year, p_brand1, sum(lo_revenue) as revenue
from lineorder, dwdate, part, supplier
where lo_orderdate = d_datekey and lo_partkey = p_partkey and lo_suppkey = s_suppkey and p_category = 'MFGR#23' and s_region = 'EUROPE'
group by d_year, p_brand1
order by d_year, p_brand1
limit 60;
