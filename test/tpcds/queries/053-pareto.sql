-- Items that together make half of the revenue: a running share.
with revenue as (select ss_item_sk as item, sum(ss_ext_sales_price) as r from store_sales group by ss_item_sk),
running as (select item, r, sum(r) over (order by r desc, item rows unbounded preceding) as upto, sum(r) over () as total from revenue)
select count(*) as items, max(upto) as revenue, max(total) as total, min(r) as least
from running where upto <= 0.5 * total;
