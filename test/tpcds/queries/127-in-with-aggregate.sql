-- IN over a grouped subquery with HAVING and LIMIT within.
select ca_city, ca_state, count(*) as n
from customer join customer_address on c_current_addr_sk = ca_address_sk
where ca_state in (select ca_state from customer_address where ca_state is not null group by ca_state having count(*) > 15)
  and c_current_cdemo_sk not in (select cd_demo_sk from customer_demographics where cd_dep_count = 0)
group by 1, 2
order by n desc, ca_state, ca_city
limit 25;
