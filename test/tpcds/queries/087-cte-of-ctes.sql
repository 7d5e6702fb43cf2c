-- CTEs that read CTEs, one of them twice.
with per_item as (select ws_item_sk as item, sum(ws_net_profit) as profit, count(*) as n from web_sales group by 1),
per_class as (select i_class_id, i_category_id, sum(profit) as profit, sum(n) as n from per_item join item on i_item_sk = item group by 1, 2),
bounds as (select avg(profit) as mean, stddev_samp(profit) as deviation from per_class)
select i_class_id, i_category_id, profit, n
from per_class, bounds
where profit > mean + deviation or profit < mean - deviation
order by profit desc, 1, 2
limit 40;
