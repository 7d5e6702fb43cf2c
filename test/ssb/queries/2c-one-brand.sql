-- Flight 2, finest: the sizes of a few brands by color.
select p_brand1, p_color, max(p_size) as size, sum(lo_revenue) as revenue
from lineorder, part, supplier
where lo_partkey = p_partkey and lo_suppkey = s_suppkey and p_brand1 in ('MFGR#1221', 'MFGR#1222') and s_nation <> 'CHINA'
group by p_brand1, p_color
order by revenue desc, p_brand1, p_color
limit 30;
