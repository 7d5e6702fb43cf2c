-- Booleans selected, grouped, ordered and aggregated by CASE.
select ss_quantity > 50 as many, ss_net_profit < 0 as loss, count(*) as n
from store_sales
where ss_quantity is not null
group by 1, 2
order by 1, 2;
