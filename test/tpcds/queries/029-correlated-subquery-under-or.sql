-- A correlated scalar comparison as one side of OR.
select c_customer_id, c_birth_year
from customer c
where c_birth_year > 1990
   or (select max(ss_net_paid) from store_sales where ss_customer_sk = c.c_customer_sk) > 16000
order by c_customer_id
limit 40;
