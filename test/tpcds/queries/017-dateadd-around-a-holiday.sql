-- A week before and a week after each holiday of a year, by DATEADD in a join without equality.
select h.d_date as holiday, sum(case when x.d_date < h.d_date then 1 else 0 end) as before, sum(case when x.d_date > h.d_date then 1 else 0 end) as behind,
       sum(ss_ext_discount_amt) as discount
from date_dim h join date_dim x on x.d_date between dateadd(day, -7, h.d_date) and dateadd(week, 1, h.d_date)
     join store_sales on ss_sold_date_sk = x.d_date_sk
where h.d_holiday = 'Y' and h.d_year = 2000 and x.d_year in (1999, 2000, 2001)
group by h.d_date
order by holiday;
