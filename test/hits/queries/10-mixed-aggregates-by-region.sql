-- Sums, averages and a distinct count by region.
select region_id, sum(clicks) as clicks, count(*) as n, avg(window_width::float) as width, count(distinct user_id) as users
from hits group by region_id order by n desc, region_id limit 10;
