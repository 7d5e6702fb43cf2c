-- LIMIT and OFFSET over a joined order.
select cs_order_number, cs_item_sk, cs_net_profit
from catalog_sales join item on cs_item_sk = i_item_sk
where i_category = 'Shoes'
order by cs_net_profit desc, cs_order_number, cs_item_sk
limit 20 offset 35;
