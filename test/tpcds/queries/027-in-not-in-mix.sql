-- IN and NOT IN over subqueries whose columns hold no NULL.
select i_category, count(*) as items, min(i_current_price) as cheapest
from item
where i_item_sk in (select cs_item_sk from catalog_sales where cs_quantity > 95)
  and i_item_sk not in (select wr_item_sk from web_returns where wr_return_quantity > 40)
group by i_category
order by i_category;
