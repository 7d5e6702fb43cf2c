-- Set operations within joins.
select i_category, count(*) as n
from item join (select ws_item_sk as k from web_sales where ws_quantity = 100 intersect select cs_item_sk from catalog_sales where cs_quantity = 100) both_channels on k = i_item_sk
group by i_category
order by i_category;
