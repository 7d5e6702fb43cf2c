-- Items never returned in two channels whose stock was never full.
select i_category, count(*) as items, sum(i_current_price) as prices
from item i
where not exists (select * from web_returns where wr_item_sk = i.i_item_sk and wr_return_quantity > 20)
  and not exists (select * from catalog_returns where cr_item_sk = i.i_item_sk and cr_return_quantity > 50)
  and exists (select * from inventory where inv_item_sk = i.i_item_sk and inv_quantity_on_hand between 1 and 3)
group by i_category
order by items desc, i_category;
