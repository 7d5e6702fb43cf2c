-- Subqueries in CASE inside aggregates.
select sum(case when i_item_sk in (select wr_item_sk from web_returns where wr_net_loss > 1000) then 1 else 0 end) as lossy,
       sum(case when exists (select 1 from inventory where inv_item_sk = i_item_sk and inv_quantity_on_hand = 0) then i_current_price else 0 end) as sold_out
from item;
