-- The next holiday after each return by a correlated minimum.
select hol, count(*) as returns, min(gap) as nearest
from (select wr_order_number, d.d_date as returned, (select min(h.d_date) from date_dim h where h.d_holiday = 'Y' and h.d_date > d.d_date and h.d_year = d.d_year) as hol,
             (select min(h.d_date) from date_dim h where h.d_holiday = 'Y' and h.d_date > d.d_date and h.d_year = d.d_year) - d.d_date as gap
      from web_returns join date_dim d on wr_returned_date_sk = d.d_date_sk where d.d_year in (2000, 2001)) x
group by hol
order by hol;
