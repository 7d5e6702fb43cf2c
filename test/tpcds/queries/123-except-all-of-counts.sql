-- EXCEPT in both directions: where two counts of the same thing differ.
(select ss_item_sk as item, count(*) as n from store_sales where ss_quantity > 90 group by 1 except select sr_item_sk, count(*) from store_returns group by 1)
intersect
(select ss_item_sk, count(*) from store_sales where ss_quantity > 90 group by 1)
order by 1, 2
limit 30;
