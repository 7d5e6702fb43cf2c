-- Prefixes in a list OR a LIKE OR an inequality across the join.
select substring(ca_zip, 1, 3) as prefix, count(*) as n, count(distinct c_last_name) as names
from customer join customer_address on c_current_addr_sk = ca_address_sk
where substring(ca_zip, 1, 2) in ('13', '21', '35', '47', '59', '66', '71', '98') or c_last_name like 'Mc%' or c_birth_day > 2 * len(ca_city)
group by 1
order by n desc, prefix
limit 30;
