-- The greatest fall of stock from one count to the next, by item.
select i_item_id, inv_item_sk, fall from (
  select inv_item_sk, max(before - inv_quantity_on_hand) as fall from (
    select inv_item_sk, inv_quantity_on_hand, lag(inv_quantity_on_hand) over (partition by inv_item_sk order by inv_date_sk) as before from inventory) x
  group by inv_item_sk) y join item on i_item_sk = inv_item_sk
order by fall desc, inv_item_sk
limit 30;
