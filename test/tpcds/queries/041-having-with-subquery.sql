-- HAVING compares with a subquery over the same table.
select ss_customer_sk, sum(ss_net_paid) as paid
from store_sales
where ss_customer_sk is not null
group by ss_customer_sk
having sum(ss_net_paid) > 2.2 * (select avg(total) from (select sum(ss_net_paid) as total from store_sales where ss_customer_sk is not null group by ss_customer_sk) t)
order by paid desc, ss_customer_sk
limit 25;
