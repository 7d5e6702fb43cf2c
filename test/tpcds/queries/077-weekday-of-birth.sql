-- Dates made of texts: a cast of what is put together.
select d_day_name, count(*) as n
from customer join date_dim on d_date = cast(c_birth_year || '-' || c_birth_month || '-' || case when c_birth_day > 28 then 28 else c_birth_day end as date)
group by d_day_name
order by n desc, d_day_name;
