-- Ages from three columns of a birth date, some missing.
select case when c_birth_year is null then 'unknown' when 2000 - c_birth_year < 30 then 'under 30' when 2000 - c_birth_year < 50 then '30 to 49' else '50 and more' end as age,
       count(*) as n, count(c_login) as logins, min(c_birth_year) as oldest, round(avg(c_birth_day::decimal(9, 4)), 4) as day
from customer
group by 1
order by 1;
