-- The best customer of each month by a join with the month's maximum.
with paid as (
  select d_year, d_moy, ws_bill_customer_sk as who, sum(ws_net_paid) as total
  from web_sales join date_dim on ws_sold_date_sk = d_date_sk where ws_bill_customer_sk is not null group by 1, 2, 3),
best as (select d_year, d_moy, max(total) as most from paid group by 1, 2)
select p.d_year, p.d_moy, c_customer_id, trim(c_last_name) as name, p.total
from paid p join best b on b.d_year = p.d_year and b.d_moy = p.d_moy and b.most = p.total left join customer on c_customer_sk = p.who
order by 1, 2, 3
limit 70;
