-- A correlated count compared with zero: rows without partners count, too.
select ca_location_type, count(*) as n
from customer_address a
where 0 = (select count(*) from customer where c_current_addr_sk = a.ca_address_sk and c_birth_year < 1960)
group by 1
order by 1;
