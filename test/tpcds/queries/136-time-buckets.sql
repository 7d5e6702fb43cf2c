-- Minutes of the day in buckets of a quarter of an hour.
select t_hour * 4 + t_minute / 15 as quarter_hour, count(*) as n, count(distinct cs_order_number) as orders
from catalog_sales join time_dim on cs_sold_time_sk = t_time_sk
where t_am_pm = 'AM'
group by 1
order by n desc, quarter_hour
limit 30;
