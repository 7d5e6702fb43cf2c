-- Running totals by row beside counts of peers, where dates repeat.
select d_date, ws_item_sk, ws_quantity, sum(ws_quantity) over (order by d_date, ws_item_sk, ws_quantity, ws_order_number rows unbounded preceding) as running,
       count(*) over (partition by d_date) as same_day, max(ws_item_sk) over (partition by d_date) as last_item
from web_sales join date_dim on ws_sold_date_sk = d_date_sk
where d_year = 2001 and d_moy = 11
order by d_date, ws_item_sk, ws_quantity, running
limit 60;
