-- Conditional aggregates of several kinds.
select d_day_name, count(case when ss_coupon_amt > 0 then 1 end) as with_coupon, avg(case when ss_coupon_amt > 0 then ss_net_paid end) as paid_with,
       avg(case when ss_coupon_amt = 0 then ss_net_paid end) as paid_without, max(case when ss_promo_sk = 2 then ss_quantity end) as q2
from store_sales join date_dim on ss_sold_date_sk = d_date_sk
group by d_day_name
order by d_day_name;
