-- Inventory is semi-additive: the quantity at the last date of each quarter, not the sum.
with last_dates as (
  select d_year, d_qoy, max(d_date_sk) as last_sk
  from inventory join date_dim on inv_date_sk = d_date_sk group by d_year, d_qoy)
select d_year, d_qoy, i_category, sum(inv_quantity_on_hand) as on_hand
from last_dates join inventory on inv_date_sk = last_sk join item on inv_item_sk = i_item_sk
where i_category in ('Books', 'Sports')
group by d_year, d_qoy, i_category
order by 1, 2, 3
limit 50;
