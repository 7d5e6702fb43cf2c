-- Weeks of stock against sales of the week: facts of different grain.
with stock as (select inv_item_sk as item, d_week_seq as wk, sum(inv_quantity_on_hand) as held from inventory join date_dim on inv_date_sk = d_date_sk group by 1, 2),
sold as (select cs_item_sk as item, d_week_seq as wk, sum(cs_quantity) as q from catalog_sales join date_dim on cs_sold_date_sk = d_date_sk group by 1, 2)
select case when sold.q is null then 'unsold' when held is null then 'uncounted' when held >= q then 'covered' else 'short' end as state, count(*) as n, sum(q) as q, sum(held) as held
from stock full join sold on stock.item = sold.item and stock.wk = sold.wk
group by 1
order by 1;
