-- Three fact tables aggregated before they are joined by item.
with s as (select ss_item_sk as item, sum(ss_quantity) as q, sum(ss_net_profit) as p from store_sales group by 1),
c as (select cs_item_sk as item, sum(cs_quantity) as q, sum(cs_net_profit) as p from catalog_sales group by 1),
w as (select ws_item_sk as item, sum(ws_quantity) as q, sum(ws_net_profit) as p from web_sales group by 1)
select i_item_sk, trim(i_product_name) as product, s.q as store, c.q as catalog, w.q as web, s.p + coalesce(c.p, 0) + coalesce(w.p, 0) as profit
from item left join s on s.item = i_item_sk left join c on c.item = i_item_sk left join w on w.item = i_item_sk
where i_manager_id between 30 and 45
order by profit desc, i_item_sk
limit 40;
