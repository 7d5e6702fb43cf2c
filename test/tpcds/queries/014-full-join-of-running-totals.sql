-- FULL OUTER JOIN of two running totals by day: what came back beside what was sold at a loss.
with back as (
  select d_date, sum(sum(cr_return_amount)) over (order by d_date rows unbounded preceding) as returned
  from catalog_returns join date_dim on cr_returned_date_sk = d_date_sk where d_year = 2000 and d_moy between 5 and 6 group by d_date),
loss as (
  select d_date, sum(sum(-ws_net_profit)) over (order by d_date rows unbounded preceding) as lost
  from web_sales join date_dim on ws_ship_date_sk = d_date_sk where d_year = 2000 and d_moy in (5, 6) and ws_net_profit < -1000 group by d_date)
select coalesce(back.d_date, loss.d_date) as day, returned, lost,
       last_value(lost ignore nulls) over (order by coalesce(back.d_date, loss.d_date) rows between unbounded preceding and current row) as lost_so_far
from back full outer join loss on back.d_date = loss.d_date
order by day
limit 61;
-- in PostgreSQL:
with back as (
  select d_date, sum(sum(cr_return_amount)) over (order by d_date rows unbounded preceding) as returned
  from catalog_returns join date_dim on cr_returned_date_sk = d_date_sk where d_year = 2000 and d_moy between 5 and 6 group by d_date),
loss as (
  select d_date, sum(sum(-ws_net_profit)) over (order by d_date rows unbounded preceding) as lost
  from web_sales join date_dim on ws_ship_date_sk = d_date_sk where d_year = 2000 and d_moy in (5, 6) and ws_net_profit < -1000 group by d_date)
select coalesce(back.d_date, loss.d_date) as day, returned, lost, max(lost) over (order by coalesce(back.d_date, loss.d_date)) as lost_so_far
from back full outer join loss on back.d_date = loss.d_date
order by day limit 61
