-- LAG with an offset, divided safely; the first year has none to compare with.
select y, q, paid, (paid - lag(paid, 4) over (order by y, q)) / nullif(lag(paid, 4) over (order by y, q), 0) as change
from (select d_year as y, d_qoy as q, sum(cs_net_paid) as paid from catalog_sales join date_dim on cs_sold_date_sk = d_date_sk group by 1, 2) x
order by y, q;
