-- Unknown comparisons in CASE, counted.
select case when ss_quantity > 50 then 'more' when not ss_quantity > 50 then 'less' else 'unknown' end as q,
       case when ss_coupon_amt > 0 is null then 'unknown' when ss_coupon_amt > 0 then 'coupon' else 'none' end as coupon, count(*) as n, count(ss_net_paid) as paid
from store_sales
group by 1, 2
order by 1, 2;
