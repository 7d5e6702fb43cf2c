-- Aggregates over no rows, grouped and not, and joins with nothing.
select (select count(*) from store_sales where ss_quantity > 1000) as n, (select sum(ss_net_paid) from store_sales where ss_quantity > 1000) as s,
       (select count(*) from (select ss_item_sk from store_sales where ss_quantity > 1000 group by ss_item_sk) g) as groups,
       (select count(*) from item left join (select * from web_sales where ws_quantity > 1000) w on ws_item_sk = i_item_sk) as kept;
