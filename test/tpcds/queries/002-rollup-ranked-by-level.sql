-- A DENSE_RANK over the levels of a ROLLUP: hours among hours, shifts among shifts.
select t_shift, t_hour, count(*) as lines, sum(cs_coupon_amt) as coupons,
       dense_rank() over (partition by grouping(t_shift), grouping(t_hour) order by count(*) desc) as place
from catalog_sales join time_dim on cs_sold_time_sk = t_time_sk
group by rollup(t_shift, t_hour)
order by grouping(t_shift) + grouping(t_hour) desc, place, t_shift, t_hour
limit 50;
