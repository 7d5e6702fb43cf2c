-- Customers who share a last name and a city: a self join through two dimensions.
select trim(a.c_last_name) as name, ca.ca_city as city, count(*) as pairs
from customer a join customer b on a.c_last_name = b.c_last_name and a.c_customer_sk < b.c_customer_sk
     join customer_address ca on a.c_current_addr_sk = ca.ca_address_sk join customer_address cb on b.c_current_addr_sk = cb.ca_address_sk
where ca.ca_state = cb.ca_state or ca.ca_city = cb.ca_city
group by 1, 2
order by pairs desc, name, city
limit 25;
