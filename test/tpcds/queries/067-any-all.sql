-- Quantified comparisons: = ANY and <> ALL over subqueries, beside an extreme.
select i_item_sk, i_current_price
from item
where i_current_price > (select max(i_current_price) from item where i_category = 'Books')
   or i_wholesale_cost = any (select max(i_wholesale_cost) from item group by i_size)
   or (i_manufact_id <> all (select i_manufact_id from item where i_size = 'N/A') and i_manager_id > 90)
order by 1;
