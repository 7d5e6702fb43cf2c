-- NTH_VALUE and bounded frames on both sides.
select month, r, nth_value(r, 2) over (order by month rows between unbounded preceding and unbounded following) as second,
       min(r) over (order by month rows between 1 preceding and 1 following) as low, count(*) over (order by month rows between 2 following and 4 following) as ahead
from (select d_month_seq as month, sum(cr_return_amount) as r from catalog_returns join date_dim on cr_returned_date_sk = d_date_sk group by 1) x
order by month
limit 40;
