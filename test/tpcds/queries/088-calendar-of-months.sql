-- A calendar of months from the dimension, each with what came back in it, months without returns among them.
with months as (select distinct date_trunc('month', d_date)::date as m from date_dim where d_year = 2002)
select m, last_day(m) as ends, count(wr_item_sk) as n, sum(wr_fee) as fees, max(d_date) as latest
from months left join (web_returns join date_dim on wr_returned_date_sk = d_date_sk) on d_date >= m and d_date < add_months(m, 1)
group by m
order by m;
