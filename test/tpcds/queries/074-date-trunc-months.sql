-- DATE_TRUNC and LAST_DAY.
select date_trunc('month', d_date)::date as month, last_day(d_date) as ends, sum(wr_return_amt) as returned
from web_returns join date_dim on wr_returned_date_sk = d_date_sk
group by 1, 2
order by 1
limit 40;
