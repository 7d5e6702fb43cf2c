-- A calendar outer joined with facts: days without any.
select d_year, d_day_name, count(*) as days
from date_dim left join (select distinct ws_sold_date_sk from web_sales) s on ws_sold_date_sk = d_date_sk
where d_year in (1999, 2000) and ws_sold_date_sk is null
group by d_year, d_day_name
order by d_year, days desc, d_day_name;
