-- ADD_MONTHS from ends of months, and ages by DATEDIFF in units.
select d_date, add_months(d_date, 1)::date as next, add_months(d_date, -13)::date as before, datediff(month, date '1999-12-15', d_date) as months,
       datediff(year, date '1999-12-15', d_date) as years, datediff(quarter, date '1999-12-15', d_date) as quarters
from date_dim
where d_year = 2000 and (d_dom >= 29 or d_date = last_day(d_date))
order by d_date
limit 40;
