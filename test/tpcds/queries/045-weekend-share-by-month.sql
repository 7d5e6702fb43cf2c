-- A pivot by hand: weekends and weekdays of each month beside those of the month a year before.
with m as (
  select d_month_seq, min(d_year) as y, min(d_moy) as mo, sum(case when d_weekend = 'Y' then paid end) as weekend, sum(case when d_weekend = 'N' then paid end) as weekdays
  from (select ss_sold_date_sk as sold, ss_net_paid_inc_tax as paid from store_sales union all select ws_sold_date_sk, ws_net_paid_inc_tax from web_sales) x
  join date_dim on d_date_sk = sold
  group by d_month_seq)
select n.y, n.mo, n.weekend / (n.weekend + n.weekdays) as share, o.weekend / (o.weekend + o.weekdays) as share_before
from m n left join m o on o.d_month_seq = n.d_month_seq - 12
order by n.y, n.mo
limit 60;
