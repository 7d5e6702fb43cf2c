-- A CHAR joined with a VARCHAR: trailing blanks do not count.
select s_state, count(*) as n
from store join customer_address on s_state = ca_state::varchar(4)
group by s_state
union all
select w_county, count(*) from warehouse join customer_address on w_county = ca_county or w_city = ca_city group by w_county
order by 1;
