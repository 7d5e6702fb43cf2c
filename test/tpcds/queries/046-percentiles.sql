-- MEDIAN and PERCENTILE_CONT by group.
select i_category, median(ss_list_price) as mid, percentile_cont(0.9) within group (order by ss_list_price) as p90, count(ss_list_price) as n
from store_sales join item on ss_item_sk = i_item_sk
group by i_category
order by i_category;
