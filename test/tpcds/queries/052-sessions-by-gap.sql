-- Gaps and islands: runs of days with web orders, parted where a day has none.
with days as (select distinct d_date from web_sales join date_dim on ws_sold_date_sk = d_date_sk where d_year between 1998 and 2002),
marked as (select d_date, case when datediff(day, lag(d_date) over (order by d_date), d_date) = 1 then 0 else 1 end as starts from days),
numbered as (select d_date, sum(starts) over (order by d_date rows unbounded preceding) as run from marked)
select run, min(d_date) as first_day, max(d_date) as last_day, count(*) as n
from numbered
group by run
having count(*) > 3
order by n desc, run
limit 30;
